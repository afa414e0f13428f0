import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from tokui_contracts.shopify import ALL_SCOPES, TOKEN, VERSION, Bucket, ShopifySandbox, schema
from tokui_contracts.town import Town

TOWN = Town(120, 2)
PAGES = """
query ($first: Int!, $after: String, $filter: String, $reverse: Boolean) {
  customers(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT, reverse: $reverse) {
    nodes { id updatedAt displayName }
    pageInfo { hasNextPage endCursor }
  }
}
"""
FIRST = next(TOWN.accounts("shopify")).external_id


def open_shop(**options):
    return ShopifySandbox(TOWN, **options)


@pytest.fixture(scope="module")
def quiet_shop():
    with open_shop() as sandbox:
        yield sandbox


@pytest.fixture
def shop():
    with open_shop() as sandbox:
        yield sandbox


def post(shop, query, token=TOKEN, version=VERSION, **variables):
    return httpx.post(
        f"{shop.url}/admin/api/{version}/graphql.json",
        json={"query": query, "variables": variables},
        headers={"X-Shopify-Access-Token": token},
        timeout=30,
        verify=False,
    )


def ask(shop, query, **variables):
    return post(shop, query, **variables).json()


def codes(answer):
    return [error.get("extensions", {}).get("code") for error in answer["errors"]]


def walk(shop, first, **variables):
    after, found = None, []
    while True:
        page = ask(shop, PAGES, first=first, after=after, **variables)["data"]["customers"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize(
    "query",
    [
        "{ customers(first: 1) { nodes { telephone } } }",
        "{ customers(first: 1, sortKey: BIRTHDAY) { nodes { id } } }",
        "{ customer { id } }",
        "query ($first: Strin) { shop { id } }",
        "{ customers(first: 1) { nodes { id }",
    ],
)
def test_a_wrong_query_is_refused_with_status_200(quiet_shop, query):
    answer = post(quiet_shop, query)

    assert answer.status_code == 200
    assert answer.json()["errors"]
    assert "data" not in answer.json()


@pytest.mark.parametrize("token", ["", "shpat_other"])
def test_a_wrong_token_is_401(quiet_shop, token):
    assert post(quiet_shop, "{ shop { id } }", token=token).status_code == 401


def test_another_version_is_not_there(quiet_shop):
    assert post(quiet_shop, "{ shop { id } }", version="2020-01").status_code == 404


def test_what_is_no_json_is_a_bad_request(quiet_shop):
    url = f"{quiet_shop.url}/admin/api/{VERSION}/graphql.json"

    answer = httpx.post(url, content=b"{", headers={"X-Shopify-Access-Token": TOKEN})
    assert answer.status_code == 400


@pytest.mark.parametrize("arguments", ["", "(first: 251)", "(last: 251)", "(first: 1, last: 1)"])
def test_a_page_must_have_a_size_up_to_250(quiet_shop, arguments):
    answer = ask(quiet_shop, f"{{ products{arguments} {{ pageInfo {{ hasNextPage }} }} }}")

    assert "first" in answer["errors"][0]["message"] or "last" in answer["errors"][0]["message"]


@pytest.mark.parametrize("size", [3, 7, 250])
def test_paging_gives_each_customer_once_in_order_of_change(quiet_shop, size):
    found = walk(quiet_shop, size)

    wanted = [account.external_id for account in TOWN.accounts("shopify")]
    assert sorted(node["id"] for node in found) == sorted(wanted)
    assert [node["updatedAt"] for node in found] == sorted(node["updatedAt"] for node in found)


def test_reverse_is_the_other_way_round(quiet_shop):
    assert walk(quiet_shop, 7, reverse=True) == walk(quiet_shop, 250)[::-1]


@pytest.mark.parametrize("sign", [">=", ">", "<=", "<"])
def test_a_search_by_time_takes_what_it_says(quiet_shop, sign):
    nodes = walk(quiet_shop, 250)
    middle = nodes[len(nodes) // 2]["updatedAt"]

    found = walk(quiet_shop, 7, filter=f"updated_at:{sign}'{middle}'")
    compare = {">=": middle.__le__, ">": middle.__lt__, "<=": middle.__ge__, "<": middle.__gt__}
    assert found == [node for node in nodes if compare[sign](node["updatedAt"])]


def test_terms_are_joined_by_and(quiet_shop):
    nodes = walk(quiet_shop, 250)
    low, high = nodes[3]["updatedAt"], nodes[9]["updatedAt"]

    found = walk(quiet_shop, 250, filter=f"updated_at:>={low} AND updated_at:<'{high}'")
    assert found == [node for node in nodes if low <= node["updatedAt"] < high]


def test_an_unknown_search_field_is_ignored_with_a_warning(quiet_shop):
    answer = ask(quiet_shop, PAGES, first=250, filter="shoe_size:42")

    assert len(answer["data"]["customers"]["nodes"]) == len(walk(quiet_shop, 250))
    assert answer["extensions"]["search"][0]["warnings"][0]["field"] == "shoe_size"


def test_a_cursor_of_another_listing_is_refused(quiet_shop):
    after = ask(quiet_shop, PAGES, first=1)["data"]["customers"]["pageInfo"]["endCursor"]

    answer = ask(quiet_shop, f'{{ orders(first: 1, after: "{after}") {{ nodes {{ id }} }} }}')
    assert "Invalid cursor" in answer["errors"][0]["message"]


def test_a_query_has_a_price_and_a_ceiling(quiet_shop):
    query = (
        "query ($n: Int!) { orders(first: $n) { nodes { lineItems(first: 10) { nodes { id } } } } }"
    )

    assert ask(quiet_shop, query, n=10)["extensions"]["cost"]["requestedQueryCost"] == 2 + 10 * 12
    answer = ask(quiet_shop, query, n=250)
    assert codes(answer) == ["MAX_COST_EXCEEDED"]
    assert answer["errors"][0]["extensions"]["cost"] > 1000


def test_an_empty_bucket_throttles_with_status_200():
    with open_shop(bucket=Bucket(maximum=60, restore=0.001)) as shop:
        answers = [post(shop, PAGES, first=50) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert codes(answers[-1].json()) == ["THROTTLED"]
    status = answers[-1].json()["extensions"]["cost"]["throttleStatus"]
    assert status["currentlyAvailable"] < 52
    assert status["maximumAvailable"] == 60


def test_a_bucket_fills_up_again():
    with open_shop(bucket=Bucket(maximum=60, restore=1e9)) as shop:
        answers = [ask(shop, PAGES, first=50) for _ in range(3)]

    assert not any("errors" in answer for answer in answers)


def test_a_missing_scope_is_named():
    with open_shop(scopes=set(ALL_SCOPES) - {"read_orders"}) as shop:
        answer = ask(shop, "{ orders(first: 1) { nodes { id } } }")
        granted = ask(shop, "{ currentAppInstallation { accessScopes { handle } } }")

    assert codes(answer) == ["ACCESS_DENIED"]
    assert "read_orders" in answer["errors"][0]["extensions"]["requiredAccess"]
    handles = granted["data"]["currentAppInstallation"]["accessScopes"]
    assert {"handle": "read_orders"} not in handles


def test_old_orders_need_a_scope_of_their_own():
    count = "{ orders(first: 250, sortKey: CREATED_AT) { nodes { createdAt } } }"
    with open_shop(scopes=set(ALL_SCOPES) - {"read_all_orders"}) as shop:
        few = ask(shop, count)["data"]["orders"]["nodes"]
    with open_shop() as shop:
        many = ask(shop, count)["data"]["orders"]["nodes"]

    assert len(few) < len(many)


def test_protected_data_is_withheld_without_leave():
    with open_shop(protected_data=False) as shop:
        answer = ask(shop, f'{{ customer(id: "{FIRST}") {{ id firstName note }} }}')

    assert answer["data"]["customer"]["id"] == FIRST
    assert answer["data"]["customer"]["firstName"] is None
    assert codes(answer) == ["ACCESS_DENIED"]


def test_what_is_touched_is_the_last_changed(shop):
    before = walk(shop, 250)

    shop.touch([before[0]["id"]])
    assert walk(shop, 250)[-1]["id"] == before[0]["id"]
    later = walk(shop, 250, filter=f"updated_at:>'{before[-1]['updatedAt']}'")
    assert [node["id"] for node in later] == [before[0]["id"]]


def test_what_is_added_changed_or_removed_shows_everywhere(shop):
    shop.change("gid://shopify/Customer/1", displayName="新しい客")
    shop.change(FIRST, displayName="別名")
    gone = walk(shop, 250)[3]["id"]
    shop.remove([gone])

    names = {node["id"]: node["displayName"] for node in walk(shop, 250)}
    assert names["gid://shopify/Customer/1"] == "新しい客"
    assert names[FIRST] == "別名"
    assert gone not in names
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert ask(shop, query, ids=[gone, FIRST])["data"]["nodes"] == [None, {"id": FIRST}]


def test_a_consent_that_is_written_can_be_read(shop):
    account = next(a for a in TOWN.accounts("shopify") if a.mail == "NOT_SUBSCRIBED")
    write = """
    mutation ($input: CustomerEmailMarketingConsentUpdateInput!) {
      customerEmailMarketingConsentUpdate(input: $input) {
        customer { defaultEmailAddress { marketingState marketingUpdatedAt } }
        userErrors { message }
      }
    }
    """
    consent = {
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "CONFIRMED_OPT_IN",
        "consentUpdatedAt": "2026-10-02T00:00:00Z",
    }

    asked = {"customerId": account.external_id, "emailMarketingConsent": consent}
    done = ask(shop, write, input=asked)["data"]["customerEmailMarketingConsentUpdate"]
    assert done["userErrors"] == []
    assert done["customer"]["defaultEmailAddress"]["marketingState"] == "SUBSCRIBED"
    assert walk(shop, 250)[-1]["id"] == account.external_id


def test_tags_are_added_once(shop):
    query = 'mutation { tagsAdd(id: "%s", tags: ["a", "a"]) { node { ... on Customer { tags } } } }'

    assert ask(shop, query % FIRST)["data"]["tagsAdd"]["node"]["tags"].count("a") == 1


def test_amounts_add_up(quiet_shop):
    query = """
    { orders(first: 20) { nodes {
      totalPriceSet { shopMoney { amount } }
      lineItems(first: 5) { nodes {
        originalTotalSet { shopMoney { amount } }
        discountAllocations { allocatedAmountSet { shopMoney { amount } } }
      } }
    } } }
    """

    for order in ask(quiet_shop, query)["data"]["orders"]["nodes"]:
        total = sum(
            yen(line["originalTotalSet"])
            - sum(yen(part["allocatedAmountSet"]) for part in line["discountAllocations"])
            for line in order["lineItems"]["nodes"]
        )
        assert total == yen(order["totalPriceSet"])


def yen(bag):
    return int(float(bag["shopMoney"]["amount"]))


def leaves(kind, depth):
    """A selection of every field that takes no argument, some levels deep."""
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if any(map(is_required_argument, field.args.values())):
            continue
        if is_leaf_type(inner):
            yield name
        elif depth and isinstance(inner, GraphQLObjectType):
            size = (
                "(first: 1)" if "first" in field.args and inner.name.endswith("Connection") else ""
            )
            yield f"{name}{size} {{ __typename {' '.join(leaves(inner, depth - 1))} }}"


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("customers", "Customer"),
        ("orders", "Order"),
        ("products", "Product"),
        ("productVariants", "ProductVariant"),
        ("locations", "Location"),
        ("inventoryItems", "InventoryItem"),
    ],
)
def test_no_field_of_the_schema_breaks_the_sandbox(quiet_shop, root, kind, monkeypatch):
    monkeypatch.setattr("tokui_contracts.shopify.engine.MOST", 100_000)
    fields = " ".join(leaves(schema().get_type(kind), 2))

    answer = quiet_shop.engine.run({"query": f"{{ {root}(first: 2) {{ nodes {{ {fields} }} }} }}"})
    assert "errors" not in answer
    assert len(answer["data"][root]["nodes"]) == 2


def test_the_schema_says_what_is_deprecated():
    customer = schema().get_type("Customer").fields

    assert customer["email"].deprecation_reason
    assert not customer["defaultEmailAddress"].deprecation_reason
