"""Who is who: match keys, links, and the golden view of a person."""
