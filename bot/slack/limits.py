"""Slack's limits, in one table.  Lengths are in characters."""

from typing import Final

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_TEXT: Final = 40_000
VIEW_BYTES: Final = 250_000
VIEW_TITLE: Final = 24  # also submit and close
METADATA: Final = 3_000
IDENTIFIER: Final = 255  # callback_id, action_id, block_id, external_id

HEADER: Final = 150
TEXT: Final = 3_000  # any text object without a limit of its own, sections included
SECTION_FIELDS: Final = 10
SECTION_FIELD: Final = 2_000
ACTIONS: Final = 25
CONTEXT: Final = 10
ALERT: Final = 200
LABEL: Final = 2_000  # an input's label and its hint
PLACEHOLDER: Final = 150
ALT_TEXT: Final = 2_000
URL: Final = 3_000

BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2_000
ACCESSIBILITY_LABEL: Final = 75
OPTION_TEXT: Final = 75
OPTION_DESCRIPTION: Final = 75
OPTION_VALUE: Final = 150
OPTION_GROUP_LABEL: Final = 75
SELECT_OPTIONS: Final = 100
SELECT_GROUPS: Final = 100
OVERFLOW: Final = 5
RADIO: Final = 10  # radio buttons and checkboxes
INPUT_TEXT: Final = 3_000
EMAIL: Final = 254  # RFC 5321, not Slack
FILES: Final = 10
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30

MARKDOWN: Final = 12_000  # all markdown blocks of a message together
TABLES: Final = 1
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
DATA_TABLE_MIN_ROWS: Final = 2
DATA_TABLE_ROWS: Final = 201
DATA_TABLE_TEXT: Final = 20_000
DATA_TABLE_PAGE: Final = 100
CHARTS: Final = 2
CHART_TITLE: Final = 50
CHART_SERIES: Final = 12
CHART_POINTS: Final = 20
CHART_LABEL: Final = 20
CARD_TITLE: Final = 150
CARD_SUBTITLE: Final = 150
CARD_BODY: Final = 200
CARD_ACTIONS: Final = 3
CONTAINER_BLOCKS: Final = 10
CAROUSEL_CARDS: Final = 10
PLAN_TASKS: Final = 50
