"""Processes that are made to be killed, forked from one that has imported what they need."""

import multiprocessing

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(  # only what is installed: it knows no folder of tests
    [
        "http.server",
        "psycopg",
        "tokui.config",
        "tokui.hub",
        "tokui.identity.bulk",
        "tokui.identity.rebuild",
        "tokui.identity.undo",
        "tokui.identity.view",
        "tokui.outreach.allow",
        "tokui.outreach.outbox",
        "tokui.store.books",
        "tokui.sync.earn",
        "tokui_contracts.scripted",
        "tokui_email.smtp",
        "tokui_points.hooks",
    ]
)
