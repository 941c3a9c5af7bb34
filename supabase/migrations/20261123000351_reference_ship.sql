-- Purpose: reference data (RULES F2) follows the files in supabase/seeds/ as long as the station leaves a row alone; a row that the
-- station changed or removed at its desk stays the station's, whatever a later version ships.
-- Risk: low. Takes what the tables hold now as what was shipped: until this migration no desk could change it.

create table private.shipped_rows (
  kind text not null check (kind in ('category', 'question', 'template')),
  key text not null,
  content jsonb not null,
  primary key (kind, key)
);
comment on table private.shipped_rows is 'What a seed last shipped. A row that still equals it was left alone and follows the next version; one that differs, or is gone, is the station''s own.';
alter table private.shipped_rows enable row level security;

create function private.both_locales(p jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(p) = 'array' then jsonb_build_object('zh', p ->> 0, 'en', p ->> 1) end;
$$;
comment on function private.both_locales(jsonb) is '[zh, en] of a seed as the tables keep it.';

-- What a seed decides about a row. Order, term and on/off of a category are the station's from the first run on.
create function private.content_of(c public.categories) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('group', c."group", 'visibility', c.visibility, 'urgency', c.urgency, 'is_about_police', c.is_about_police,
    'allows_device_draft', c.allows_device_draft, 'name', c.name, 'description', c.description, 'guidance', c.guidance);
$$;
create function private.content_of(q public.category_questions) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('kind', q.kind, 'is_required', q.is_required, 'position', q.position, 'label', q.label, 'hint', q.hint, 'options', q.options);
$$;
create function private.content_of(t public.response_templates) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('category_code', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'position', t.position, 'name', t.name, 'body', t.body);
$$;

insert into private.shipped_rows (kind, key, content) select 'category', c.code, private.content_of(c) from public.categories c;
insert into private.shipped_rows (kind, key, content) select 'question', q.category_code || '/' || q.code, private.content_of(q) from public.category_questions q;
insert into private.shipped_rows (kind, key, content) select 'template', t.slug, private.content_of(t) from public.response_templates t;

-- Notes what is shipped now and answers what shall be done: insert, update, or null where the station decides.
create function private.ship(p_kind text, p_key text, p_content jsonb, p_kept jsonb) returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_shipped jsonb;
begin
  select r.content into v_shipped from private.shipped_rows r where r.kind = p_kind and r.key = p_key;
  insert into private.shipped_rows as r (kind, key, content) values (p_kind, p_key, p_content)
  on conflict (kind, key) do update set content = excluded.content where r.content <> excluded.content;
  return case
    when p_kept is null and v_shipped is null then 'insert'
    when p_kept = v_shipped and p_kept <> p_content then 'update'
  end;
end;
$$;

-- p: [{code, group, visibility, urgency, retention_days, name, description, guidance}] → codes that were added or changed
create function private.ship_categories(p jsonb) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_item record;
  v_row public.categories;
  v_kept public.categories;
  v_todo text;
begin
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    v_row := jsonb_populate_record(null::public.categories, v_item.value - array['name', 'description', 'guidance']);
    v_row.name := private.both_locales(v_item.value -> 'name');
    v_row.description := private.both_locales(v_item.value -> 'description');
    v_row.guidance := private.both_locales(v_item.value -> 'guidance');
    v_row.is_about_police := v_row.code = 'about_police';
    v_row.allows_device_draft := v_row.code not in ('domestic_violence', 'minors');
    select c.* into v_kept from public.categories c where c.code = v_row.code;
    v_todo := private.ship('category', v_row.code, private.content_of(v_row), case when v_kept.code is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.categories (code, "group", visibility, urgency, retention_days, is_about_police, allows_device_draft, position, name, description, guidance)
      values (v_row.code, v_row."group", v_row.visibility, v_row.urgency, v_row.retention_days, v_row.is_about_police, v_row.allows_device_draft, v_item.ordinality * 10, v_row.name, v_row.description, v_row.guidance);
      return next v_row.code;
    elsif v_todo = 'update' then
      update public.categories c set "group" = v_row."group", visibility = v_row.visibility, urgency = v_row.urgency, is_about_police = v_row.is_about_police,
        allows_device_draft = v_row.allows_device_draft, name = v_row.name, description = v_row.description, guidance = v_row.guidance
      where c.code = v_row.code;
      return next v_row.code;
    end if;
  end loop;
end;
$$;

-- p: [{category, code, kind, required?, label, hint?, options?: [[code, zh, en]]}] → category/code of what was added or changed
create function private.ship_questions(p jsonb) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_item record;
  v_row public.category_questions;
  v_kept public.category_questions;
  v_key text;
  v_todo text;
begin
  for v_item in
    select i.value, row_number() over (partition by i.value ->> 'category' order by i.ordinality) as number
    from jsonb_array_elements(p) with ordinality i
    -- A station may have removed the whole category.
    where exists (select from public.categories c where c.code = i.value ->> 'category')
    order by i.ordinality
  loop
    v_row.category_code := v_item.value ->> 'category';
    v_row.code := v_item.value ->> 'code';
    v_row.kind := v_item.value ->> 'kind';
    v_row.is_required := coalesce((v_item.value ->> 'required')::boolean, false);
    v_row.position := v_item.number * 10;
    v_row.label := private.both_locales(v_item.value -> 'label');
    v_row.hint := private.both_locales(v_item.value -> 'hint');
    v_row.options := coalesce((select jsonb_agg(jsonb_build_object('code', o.value ->> 0, 'label', jsonb_build_object('zh', o.value ->> 1, 'en', o.value ->> 2)) order by o.ordinality)
      from jsonb_array_elements(v_item.value -> 'options') with ordinality as o (value, ordinality)), '[]'::jsonb);
    v_key := v_row.category_code || '/' || v_row.code;
    select q.* into v_kept from public.category_questions q where q.category_code = v_row.category_code and q.code = v_row.code;
    v_todo := private.ship('question', v_key, private.content_of(v_row), case when v_kept.code is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.category_questions (category_code, code, kind, is_required, position, label, hint, options)
      values (v_row.category_code, v_row.code, v_row.kind, v_row.is_required, v_row.position, v_row.label, v_row.hint, v_row.options);
      return next v_key;
    elsif v_todo = 'update' then
      update public.category_questions q set kind = v_row.kind, is_required = v_row.is_required, position = v_row.position, label = v_row.label, hint = v_row.hint, options = v_row.options
      where q.category_code = v_row.category_code and q.code = v_row.code;
      return next v_key;
    end if;
  end loop;
end;
$$;

-- p: [{slug, category?, status, reason?, name, body}] → slugs that were added or changed
create function private.ship_templates(p jsonb) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_item record;
  v_row public.response_templates;
  v_kept public.response_templates;
  v_todo text;
begin
  for v_item in
    select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i
    where i.value ->> 'category' is null or exists (select from public.categories c where c.code = i.value ->> 'category')
    order by i.ordinality
  loop
    v_row.slug := v_item.value ->> 'slug';
    v_row.category_code := v_item.value ->> 'category';
    v_row.status := v_item.value ->> 'status';
    v_row.closed_reason := v_item.value ->> 'reason';
    v_row.position := v_item.ordinality * 10;
    v_row.name := private.both_locales(v_item.value -> 'name');
    v_row.body := private.both_locales(v_item.value -> 'body');
    select t.* into v_kept from public.response_templates t where t.slug = v_row.slug;
    v_todo := private.ship('template', v_row.slug, private.content_of(v_row), case when v_kept.slug is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.response_templates (slug, category_code, status, closed_reason, position, name, body)
      values (v_row.slug, v_row.category_code, v_row.status, v_row.closed_reason, v_row.position, v_row.name, v_row.body);
      return next v_row.slug;
    elsif v_todo = 'update' then
      update public.response_templates t set category_code = v_row.category_code, status = v_row.status, closed_reason = v_row.closed_reason, position = v_row.position, name = v_row.name, body = v_row.body
      where t.slug = v_row.slug;
      return next v_row.slug;
    end if;
  end loop;
end;
$$;
