"""The site while one works: watched, built again where it changed, pushed to open pages.

    files ─▶ watch ─▶ kinds ─┬▶ live ─────▶ hub ─▶ open pages      what runs logged, at once
                             └▶ builder ─▶ site/ ─▶ hub            everything, soon after

The builder is `staticrun build` in a process of its own, so that what stands on disk is what a
clean build leaves, and a page is answered while it works. Nothing that the live way makes is
written into the site.
"""
