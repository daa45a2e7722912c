"""Arabic news text: cleaning, matching, dates, charsets, language, agencies. No HTML, no Scrapy, no state."""
