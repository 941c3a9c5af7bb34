-- Purpose: templates for alerts: what a station says often, ready to be filled in. They ship with Linli and follow its updates while the station leaves them alone (RULES F2).
-- Risk: none for data, new objects; one CHECK of private.shipped_rows is written anew.

-- Blanks 【…】 and […] are for the officer to fill in.
create function private.is_alert_template(p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p ->> 'slug') <= 60 and private.is_text_in_both(p -> 'name', 1, 80)
    and p ->> 'kind' in ('warning', 'tip', 'solved', 'notice') and (case when p ->> 'kind' = 'warning' then p ->> 'colour' in ('blue', 'yellow', 'orange', 'red') else p ->> 'colour' is null end)
    and p ->> 'message_type' in ('alert', 'update', 'cancel', 'all_clear') and (p ->> 'message_type' <> 'all_clear' or p ->> 'kind' = 'warning')
    and exists (select from public.alert_events e where e.code = p ->> 'event')
    and (p ->> 'hours')::integer between 1 and case when p ->> 'colour' in ('orange', 'red') then 72 else 720 end
    and jsonb_typeof(p -> 'texts') = 'object' and p -> 'texts' ? 'zh' and (select bool_and(t.key in ('zh', 'en') and private.is_alert_text(t.value)) from jsonb_each(p -> 'texts') t), false);
$$;

create table public.alert_templates (
  slug public.slug primary key,
  position integer not null,
  name jsonb not null,
  message_type public.alert_message_type not null,
  kind public.alert_kind not null,
  colour public.alert_colour,
  event_code public.code_name not null references public.alert_events (code) on delete restrict,
  hours integer not null,
  texts jsonb not null
);
comment on table public.alert_templates is 'What a station says often. `hours`: how long it usually holds. The rules are private.is_alert_template.';
alter table public.alert_templates enable row level security;
create policy "staff read templates of alerts" on public.alert_templates for select to authenticated using ((select private.my_station()) is not null);
grant select on public.alert_templates to authenticated;

create function private.content_of(t public.alert_templates) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('slug', t.slug, 'name', t.name, 'message_type', t.message_type, 'kind', t.kind, 'colour', t.colour, 'event', t.event_code, 'hours', t.hours, 'texts', t.texts);
$$;

create function private.write_alert_template(p jsonb, p_position integer) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not private.is_alert_template(p) then
    raise exception 'the template % does not keep the rules of a template', p ->> 'slug' using errcode = 'PT422', detail = 'invalid_input';
  end if;
  insert into public.alert_templates as t (slug, position, name, message_type, kind, colour, event_code, hours, texts)
  values (p ->> 'slug', p_position, p -> 'name', p ->> 'message_type', p ->> 'kind', p ->> 'colour', p ->> 'event', (p ->> 'hours')::integer, p -> 'texts')
  on conflict (slug) do update set name = excluded.name, message_type = excluded.message_type, kind = excluded.kind, colour = excluded.colour, event_code = excluded.event_code, hours = excluded.hours, texts = excluded.texts;
end;
$$;

-- What the composer offers. → {ok, may_edit, events: [{code, category, name}], templates: [{slug, name, message_type, kind, colour, event, hours, texts}]} | forbidden
create function public.list_alert_templates() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff),
    'events', (select coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'category', e.category, 'name', e.name) order by e.position, e.code), '[]'::jsonb) from public.alert_events e where e.is_active),
    'templates', (select coalesce(jsonb_agg(private.content_of(t) order by t.position, t.slug), '[]'::jsonb) from public.alert_templates t));
end;
$$;
comment on function public.list_alert_templates() is 'Definer: the session is looked at first, as everywhere at the desk.';
revoke all on function public.list_alert_templates() from public;
grant execute on function public.list_alert_templates() to authenticated;

-- Leads and chiefs of the station that the installation is for. p: slug, name, message_type, kind, colour?, event, hours, texts → {ok} | forbidden, invalid_input
create function public.save_alert_template(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  if not private.is_alert_template(p) then
    return private.refuse('invalid_input');
  end if;
  perform private.write_alert_template(p, coalesce((select max(t.position) from public.alert_templates t), 0) + 10);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.template_saved', 'alerts', null, jsonb_build_object('template', p ->> 'slug'));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.save_alert_template(jsonb) is 'Definer: nobody writes templates directly.';
revoke all on function public.save_alert_template(jsonb) from public;
grant execute on function public.save_alert_template(jsonb) to authenticated;

-- p: {slug} → {ok} | forbidden, not_found
create function public.remove_alert_template(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  delete from public.alert_templates t where t.slug = p ->> 'slug';
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.template_removed', 'alerts', null, jsonb_build_object('template', p ->> 'slug'));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.remove_alert_template(jsonb) is 'Definer: nobody writes templates directly.';
revoke all on function public.remove_alert_template(jsonb) from public;
grant execute on function public.remove_alert_template(jsonb) to authenticated;

alter table private.shipped_rows drop constraint shipped_rows_kind_check, add constraint shipped_rows_kind_check check (kind in ('category', 'question', 'template', 'article', 'alert_template'));

-- p: [{slug, name [zh, en], message_type?, kind, colour?, event, hours, texts {zh, en: [headline, description, instruction?]}}] → slugs that were added or changed
create function private.ship_alert_templates(p jsonb) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_item record;
  v_row jsonb;
  v_kept public.alert_templates;
begin
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    v_row := v_item.value || jsonb_build_object('name', private.both_locales(v_item.value -> 'name'), 'message_type', coalesce(v_item.value ->> 'message_type', 'alert'), 'colour', v_item.value ->> 'colour',
      'texts', (select jsonb_object_agg(t.key, jsonb_build_object('headline', t.value ->> 0, 'description', t.value ->> 1, 'instruction', t.value ->> 2)) from jsonb_each(v_item.value -> 'texts') t));
    select t.* into v_kept from public.alert_templates t where t.slug = v_row ->> 'slug';
    if private.ship('alert_template', v_row ->> 'slug', v_row, case when v_kept.slug is not null then private.content_of(v_kept) end) is not null then
      perform private.write_alert_template(v_row, v_item.ordinality::integer * 10);
      return next v_row ->> 'slug';
    end if;
  end loop;
end;
$$;
comment on function private.ship_alert_templates(jsonb) is 'Called by supabase/seeds/050-alert-templates.sql.';
