"""Icons, fields and the ids that join an error to its field."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from holdfast.doors.web.forms.fields import FieldView, answer_rows, answer_text, dom_id, field_context

register = template.Library()
register.filter("dom_id", dom_id)
register.filter("answer_rows", answer_rows)
register.filter("answer_text", answer_text)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon from the sprite, hidden from screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="usa-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("holdfast/icons.svg"),
        name,
    )


@register.inclusion_tag("forms/field.html")
def field(view: FieldView) -> dict[str, Any]:
    """One packet field with its label, hint, prefill, error, control and the answers that are not blank."""
    return field_context(view)
