"""An open benchmark of the extraction of Arabic news: pages, what people read on them, and a scorer for any program.

    python -m benchmarks.arabic_news --extractor newscrawl
    python -m benchmarks.arabic_news --extractor trafilatura --python other/bin/python
    python -m benchmarks.arabic_news --extractor mypackage.mymodule:myfunction

docs/benchmark.md has its results, its limits, and how to cite it.
"""
