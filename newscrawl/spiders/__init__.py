"""One short file a publisher, by country; NewsSpider is their base."""
