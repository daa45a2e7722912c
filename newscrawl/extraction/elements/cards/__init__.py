"""Is this another story's card? `rows` sees cards of a kind all over a page, `teasers` the box around one line or
picture, `excerpts` what is left of cards among the lines of a body.
"""
