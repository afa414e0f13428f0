"""Do the books add up? Told by the tables alone, without the code that wrote them."""

import sqlalchemy as sa

from tokui.store.engine import Transaction

_CHECKS = {
    "transfer {0} has lines that do not add up to nothing": """
        SELECT e.transfer_id AS what FROM entry e JOIN account a ON a.id = e.account_id
        GROUP BY e.transfer_id, a.unit HAVING SUM(e.points) <> 0""",
    "account {0} has another balance than its lines": """
        SELECT a.id AS what FROM account a LEFT JOIN
            (SELECT account_id, SUM(points) AS points FROM entry GROUP BY account_id) e
            ON e.account_id = a.id
        WHERE a.balance <> COALESCE(e.points, 0)""",
    "account {0} is on the wrong side of nothing": """
        SELECT id AS what FROM account
        WHERE CASE WHEN kind IN ('owed', 'issued') THEN balance > 0 ELSE balance < 0 END""",
    "the accounts of programme {0} do not add up to nothing": """
        SELECT unit AS what FROM account GROUP BY unit HAVING SUM(balance) <> 0""",
    "account {0} has another balance than its lots": """
        SELECT a.id AS what FROM account a LEFT JOIN
            (SELECT account_id, SUM(remaining) AS points FROM lot GROUP BY account_id) l
            ON l.account_id = a.id
        WHERE a.kind IN ('points', 'held') AND a.balance <> COALESCE(l.points, 0)""",
    "lot {0} has other points than its lines": """
        SELECT l.id AS what FROM lot l JOIN account m ON m.id = l.account_id LEFT JOIN
            (SELECT e.lot_id, SUM(CASE a.kind WHEN 'points' THEN e.points ELSE 0 END) AS remaining,
                    SUM(CASE a.kind WHEN 'expired' THEN e.points ELSE 0 END) AS expired
             FROM entry e JOIN account a ON a.id = e.account_id GROUP BY e.lot_id) s
            ON s.lot_id = l.id
        WHERE m.kind = 'points'
            AND (l.remaining <> COALESCE(s.remaining, 0) OR l.expired <> COALESCE(s.expired, 0))""",
    "account {0} has points beside a debt": """
        SELECT p.id AS what FROM account p JOIN account o
            ON o.unit = p.unit AND o.holder = p.holder AND o.kind = 'owed'
        WHERE p.kind = 'points' AND p.balance > 0 AND o.balance < 0""",
    "transfer {0} was taken back by more than it moved": """
        SELECT t.id AS what FROM transfer t JOIN transfer r ON r.of_id = t.id
        WHERE t.kind NOT IN ('hold', 'move')
        GROUP BY t.id, t.points HAVING SUM(r.points) > t.points""",
    "line of transfer {0} belongs to nothing": """
        SELECT e.transfer_id AS what FROM entry e LEFT JOIN transfer t ON t.id = e.transfer_id
        LEFT JOIN account a ON a.id = e.account_id WHERE t.id IS NULL OR a.id IS NULL""",
    "transfer {0} says other points than its lines": """
        SELECT t.id AS what FROM transfer t LEFT JOIN entry e
            ON e.transfer_id = t.id AND e.account_id = t.account_id
        GROUP BY t.id, t.moved HAVING t.moved <> COALESCE(SUM(e.points), 0)""",
}

MOST = 20
"""Examples of one fault."""


def faults(tx: Transaction) -> list[str]:
    """What does not add up, in words."""
    words = list(_CHECKS)
    return [words[number].format(what) for number, what in tx.all(_QUERY)]


_QUERY = sa.text(
    " UNION ALL ".join(
        f"SELECT {number}, CAST(what AS TEXT) FROM ({query} LIMIT {MOST}) AS found"  # noqa: S608
        for number, query in enumerate(_CHECKS.values())
    )
)
