"""The keys that Slack documents in blocks and views; it refuses any other as an "invalid additional property".

Sources: docs.slack.dev, reference/block-kit and reference/views, and the models of Slack's own Python SDK.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

Keys: TypeAlias = Mapping[str, frozenset[str]]


def _table(rows: Mapping[str, str], always: str = "") -> dict[str, frozenset[str]]:
    return {name: frozenset(f"{always} {keys}".split()) for name, keys in rows.items()}


_BLOCKS: Final = {
    "actions": "elements",
    "alert": "text level",
    "card": "hero_image icon slack_icon title subtitle body subtext actions",
    "carousel": "elements",
    "container": "title rich_text_title subtitle child_blocks width icon is_collapsible default_collapsed "
    "has_header_divider",
    "context": "elements",
    "context_actions": "elements",
    "data_table": "caption rows page_size row_header_column_index",
    "data_visualization": "title chart",
    "divider": "",
    "file": "external_id source",
    "header": "text",
    "image block": "alt_text image_url slack_file title",
    "input": "label hint element optional dispatch_action",
    "markdown": "text",
    "plan": "title tasks",
    "rich_text": "elements",
    "section": "text fields accessory expand",
    "table": "rows column_settings",
    "task_card": "task_id title details output sources status",
    "video": "alt_text video_url thumbnail_url title title_url description provider_icon_url provider_name author_name",
}
_TYPED: Final = "initial_value placeholder focus_on_load dispatch_action_config"
_PICKED: Final = "confirm focus_on_load"
_SELECT: Final = "placeholder confirm focus_on_load"
_MULTI_SELECT: Final = f"{_SELECT} max_selected_items"
_ELEMENTS: Final = {
    "button": "text url value style confirm accessibility_label agent_prompt agent_prompt_display visible_to_user_ids",
    "checkboxes": f"{_PICKED} options initial_options",
    "datepicker": f"{_PICKED} placeholder initial_date",
    "datetimepicker": f"{_PICKED} initial_date_time",
    "email_text_input": _TYPED,
    "feedback_buttons": "positive_button negative_button",
    "file_input": "filetypes max_files",
    "icon_button": "icon text value confirm accessibility_label visible_to_user_ids",
    "number_input": f"{_TYPED} is_decimal_allowed min_value max_value",
    "overflow": "options confirm",
    "plain_text_input": f"{_TYPED} multiline min_length max_length",
    "radio_buttons": f"{_PICKED} options initial_option",
    "rich_text_input": f"{_TYPED} min_lines max_lines",
    "timepicker": f"{_PICKED} placeholder initial_time timezone",
    "url_text_input": _TYPED,
    "workflow_button": "text workflow style accessibility_label",
    "static_select": f"{_SELECT} options option_groups initial_option",
    "external_select": f"{_SELECT} min_query_length initial_option",
    "users_select": f"{_SELECT} initial_user",
    "conversations_select": f"{_SELECT} initial_conversation default_to_current_conversation filter "
    "response_url_enabled",
    "channels_select": f"{_SELECT} initial_channel response_url_enabled",
    "multi_static_select": f"{_MULTI_SELECT} options option_groups initial_options",
    "multi_external_select": f"{_MULTI_SELECT} min_query_length initial_options",
    "multi_users_select": f"{_MULTI_SELECT} initial_users",
    "multi_conversations_select": f"{_MULTI_SELECT} initial_conversations default_to_current_conversation filter",
    "multi_channels_select": f"{_MULTI_SELECT} initial_channels",
}
_AXES: Final = "series axis_config"
_OTHERS: Final = {
    "home": "blocks private_metadata callback_id external_id",
    "modal": "blocks private_metadata callback_id external_id title submit close clear_on_close notify_on_close",
    "plain_text": "text emoji",
    "mrkdwn": "text verbatim",
    "raw_text": "text",
    "raw_number": "value text",
    "image": "alt_text image_url slack_file",
    "icon": "name",
    "url": "url text",
    "area": _AXES,
    "bar": _AXES,
    "line": _AXES,
    "pie": "segments",
    "rich_text_list": "elements style indent offset border",
    "rich_text_preformatted": "elements border language",
    "rich_text_quote": "elements border",
    "rich_text_section": "elements",
    "broadcast": "range style",
    "channel": "channel_id style",
    "color": "value style",
    "date": "timestamp format url fallback style",
    "emoji": "name unicode skin_tone style",
    "link": "url text unsafe from_llm is_slack_url truncated style",
    "team": "team_id style",
    "text": "text style",
    "user": "user_id style",
    "usergroup": "usergroup_id style",
}
_OPTION: Final = "text value description"
_FEEDBACK: Final = "text value accessibility_label"

TYPES: Final[Keys] = _table(_BLOCKS, "type block_id") | _table(_ELEMENTS, "type action_id") | _table(_OTHERS, "type")
"""By an object's `type`; an image that is a block has more keys than one that is an element."""

PLACES: Final[Keys] = _table(
    {
        "axis_config": "categories x_label y_label",
        "column_settings": "align is_wrapped",
        "confirm": "title text confirm deny style",
        "confirm.confirm": "type text emoji",
        "customizable_input_parameters": "name value",
        "data": "label value",
        "dispatch_action_config": "trigger_actions_on",
        "filter": "include exclude_bot_users exclude_external_shared_channels",
        "initial_option": _OPTION,
        "initial_options": _OPTION,
        "negative_button": _FEEDBACK,
        "option_groups": "label options",
        "options": _OPTION,
        "overflow.options": f"{_OPTION} url",
        "positive_button": _FEEDBACK,
        "segments": "label value",
        "series": "name data",
        "slack_file": "id url",
        "style": "bold italic strike underline code highlight client_highlight unlink",
        "tasks": f"type block_id {_BLOCKS['task_card']}",
        "trigger": "url customizable_input_parameters",
        "workflow": "trigger",
    }
)
"""For what has no type, by the key under which it stands, and before that by the kind of what it stands in too."""
