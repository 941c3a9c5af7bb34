-- Purpose: up to sixty lines of "people also ask it like this": articles ship with thirty, and a station adds its own.
-- Risk: one CHECK is written anew and validated on a table of a hundred rows.

alter table private.article_texts drop constraint article_texts_ask_check, add constraint article_texts_ask_check check (cardinality(ask) <= 60 and array_position(ask, null) is null);

-- As in 20261124000100, sixty instead of thirty.
create or replace function private.is_article_text(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['title', 'summary', 'ask', 'body'] = '{}'::jsonb
    and jsonb_typeof(p -> 'title') = 'string' and p ->> 'title' ~ '\S' and char_length(p ->> 'title') <= 100
    and jsonb_typeof(p -> 'summary') = 'string' and p ->> 'summary' ~ '\S' and char_length(p ->> 'summary') <= 240
    and jsonb_typeof(p -> 'body') = 'string' and p ->> 'body' ~ '\S' and char_length(p ->> 'body') <= 8000
    and jsonb_typeof(p -> 'ask') = 'array' and jsonb_array_length(p -> 'ask') <= 60
    and (select coalesce(bool_and(jsonb_typeof(l.value) = 'string' and l.value #>> '{}' ~ '\S' and char_length(l.value #>> '{}') <= 120), true) from jsonb_array_elements(p -> 'ask') l), false);
$$;
