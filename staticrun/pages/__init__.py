"""The builder: runs in, a static site out.

Read `build` first: it is the story. `plan` lists the pages, `views/` decide what each one says,
`render` and the theme's templates how it looks, `output` puts it in place. A view is a frozen
value that holds everything its page shows; what does not change it does not change the page.
"""
