-- Purpose: the knowledge base (PRODUCT §6): articles with a topic, versions that are only ever added, one text a language, and which version
-- residents read. Articles that ship with Linli follow its updates for as long as the station leaves them alone.
-- Risk: none for data, new objects; one CHECK of private.shipped_rows is written anew.

create domain public.article_topic as text check (value in ('reporting', 'emergencies', 'scams', 'theft', 'people', 'neighbours', 'papers', 'together', 'rights'));
comment on domain public.article_topic is 'Under which heading an article stands at /safety. shared/knowledge/topics.ts says the same.';

create table private.articles (
  slug public.slug primary key check (char_length(slug) <= 60),
  position integer not null,
  published_number integer,
  published_at timestamptz,
  published_by uuid references public.staff (user_id) on delete restrict,
  check ((published_number is null) = (published_at is null))
);
comment on table private.articles is 'Articles of the knowledge base, the same for the whole installation. published_number null: residents do not see it.';
comment on column private.articles.published_by is 'Null: as it came with Linli.';
alter table private.articles enable row level security;

create table private.article_versions (
  id uuid primary key default gen_random_uuid(),
  slug public.slug not null references private.articles (slug) on delete restrict,
  number integer not null check (number >= 1),
  made_at timestamptz not null,
  made_by uuid references public.staff (user_id) on delete restrict,
  topic public.article_topic not null,
  related text[] not null default '{}' check (cardinality(related) <= 8),
  reviewed_on date not null,
  restored_from integer check (restored_from < number),
  unique (slug, number)
);
comment on table private.article_versions is 'Each time somebody saved an article, all of it. made_by null: shipped with Linli. Only ever added to.';
comment on column private.article_versions.reviewed_on is 'On which day somebody last stood for its being right.';
create index article_versions_by_staff on private.article_versions (made_by) where made_by is not null;
alter table private.article_versions enable row level security;

create table private.article_texts (
  version_id uuid not null references private.article_versions (id) on delete restrict,
  locale public.locale_code not null,
  title text not null check (char_length(title) between 1 and 100),
  summary text not null check (char_length(summary) between 1 and 240),
  ask text[] not null default '{}' check (cardinality(ask) <= 30 and array_position(ask, null) is null),
  body text not null check (char_length(body) between 1 and 8000),
  primary key (version_id, locale)
);
comment on table private.article_texts is 'One version in one language. ask: how people put the question; the chatbot finds the article by these lines. body: Markdown without HTML.';
alter table private.article_texts enable row level security;

create trigger article_versions_are_append_only before update or delete on private.article_versions for each row execute function private.refuse_change();
create trigger article_versions_are_never_emptied before truncate on private.article_versions for each statement execute function private.refuse_change();
create trigger article_texts_are_append_only before update or delete on private.article_texts for each row execute function private.refuse_change();
create trigger article_texts_are_never_emptied before truncate on private.article_texts for each statement execute function private.refuse_change();

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('article_versions', 210, null, 'never', null, null, null,
    '{"zh": "知识文章的各个版本（谁改的、什么时候改的）", "en": "Versions of the articles: who changed them and when"}',
    '{"zh": "一直保存，只增不改；不含居民信息", "en": "Kept; only ever added to. Nothing of residents is in them"}',
    '{"zh": "事后能查明当时告诉了居民什么", "en": "So that it can be shown what residents were told at the time"}');

/* What is read. */

create function private.article_texts_of(p_version uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(t.locale, jsonb_build_object('title', t.title, 'summary', t.summary, 'ask', to_jsonb(t.ask), 'body', t.body)), '{}'::jsonb)
  from private.article_texts t where t.version_id = p_version;
$$;

-- What a version says, without when and by whom: two that say the same are the same.
create function private.content_of(v private.article_versions) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('topic', v.topic, 'related', to_jsonb(v.related), 'texts', private.article_texts_of(v.id));
$$;

create function private.articles_version() returns text
language sql stable set search_path = '' as $$
  select encode(sha256(convert_to(coalesce(string_agg(a.slug || ':' || a.published_number, ',' order by a.slug), ''), 'UTF8')), 'hex') from private.articles a where a.published_number is not null;
$$;
comment on function private.articles_version() is 'Changes whenever anything that residents read changes.';

/*
  Everything that is published, in every language it has: for the index of the chatbot and of the search, and for the list at /safety.
  p_version: what the caller knows already; if nothing changed since, `articles` is null.
  → {version, articles: [{id: "slug/locale", slug, locale, topic, title, summary, ask[], body, related[], reviewed_on}] | null}
*/
create function public.list_articles_for_search(p_version text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_version text := private.articles_version();
begin
  return jsonb_build_object('version', v_version, 'articles', case when v_version is distinct from p_version then coalesce((
    select jsonb_agg(jsonb_build_object('id', a.slug || '/' || t.locale, 'slug', a.slug, 'locale', t.locale, 'topic', v.topic, 'title', t.title, 'summary', t.summary, 'ask', to_jsonb(t.ask), 'body', t.body,
      'related', to_jsonb(v.related), 'reviewed_on', v.reviewed_on) order by a.position, a.slug, t.locale)
    from private.articles a join private.article_versions v on v.slug = a.slug and v.number = a.published_number join private.article_texts t on t.version_id = v.id), '[]'::jsonb) end);
end;
$$;
comment on function public.list_articles_for_search(text) is 'A public read. Definer: the tables are private, drafts are nobody''s business.';
revoke all on function public.list_articles_for_search(text) from public;
grant execute on function public.list_articles_for_search(text) to anon, authenticated, service_role;

/* The desk. */

-- Leads and chiefs of the station that the installation is for.
create function private.may_edit_articles(p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role in ('lead', 'chief') and exists (select from public.stations s where s.id = p_staff.station_id and s.is_default), false);
$$;

-- The version that an editor goes on with: the newest of the station's, unless a newer one is what residents read.
create function private.working_number(p_article private.articles) returns integer
language sql stable set search_path = '' as $$
  select coalesce(greatest(p_article.published_number, (select max(v.number) from private.article_versions v where v.slug = p_article.slug and v.made_by is not null)),
    (select max(v.number) from private.article_versions v where v.slug = p_article.slug));
$$;

create function private.article_state(p_article private.articles) returns text
language sql stable set search_path = '' as $$
  select case when p_article.published_number is null then 'hidden' when private.working_number(p_article) <> p_article.published_number then 'changed' else 'published' end;
$$;

create function private.version_facts(v private.article_versions) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('number', v.number, 'made_at', v.made_at, 'made_by', (select s.name from public.staff s where s.user_id = v.made_by), 'is_shipped', v.made_by is null,
    'reviewed_on', v.reviewed_on, 'restored_from', v.restored_from);
$$;

-- For every member of staff at a desk: what stands there. → {ok, may_edit, articles: [{slug, topic, titles, locales[], state, published_at, changed_at, changed_by, reviewed_on, has_update}]}
create function public.list_desk_articles() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff), 'articles', coalesce((
    select jsonb_agg(jsonb_build_object('slug', a.slug, 'topic', w.topic, 'titles', (select jsonb_object_agg(t.locale, t.title) from private.article_texts t where t.version_id = w.id),
      'state', private.article_state(a), 'published_at', a.published_at, 'changed_at', w.made_at, 'changed_by', s.name, 'reviewed_on', w.reviewed_on,
      'has_update', exists (select from private.article_versions u where u.slug = a.slug and u.made_by is null and u.number > w.number)) order by a.position, a.slug)
    from private.articles a join private.article_versions w on w.slug = a.slug and w.number = private.working_number(a) left join public.staff s on s.user_id = w.made_by), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_articles() is 'Definer: the tables are private.';
revoke all on function public.list_desk_articles() from public;
grant execute on function public.list_desk_articles() to authenticated;

-- One article with all of its versions. p: {slug, number?: else the one to go on with} → {ok, may_edit, slug, state, published_number, latest_number, version, topic, related[], texts, versions[]}
create function public.read_desk_article(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_version private.article_versions;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  select v.* into v_version from private.article_versions v where v.slug = v_article.slug and v.number = coalesce((p ->> 'number')::integer, private.working_number(v_article));
  if v_version.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff), 'slug', v_article.slug, 'state', private.article_state(v_article), 'published_number', v_article.published_number,
    'latest_number', (select max(v.number) from private.article_versions v where v.slug = v_article.slug),
    'version', private.version_facts(v_version), 'topic', v_version.topic, 'related', to_jsonb(v_version.related), 'texts', private.article_texts_of(v_version.id),
    'versions', (select jsonb_agg(private.version_facts(v) order by v.number desc) from private.article_versions v where v.slug = v_article.slug));
end;
$$;
comment on function public.read_desk_article(jsonb) is 'Definer: the tables are private.';
revoke all on function public.read_desk_article(jsonb) from public;
grant execute on function public.read_desk_article(jsonb) to authenticated;

-- The rules of the form, as in shared/knowledge/article-schema.ts.
create function private.is_article_text(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['title', 'summary', 'ask', 'body'] = '{}'::jsonb
    and jsonb_typeof(p -> 'title') = 'string' and p ->> 'title' ~ '\S' and char_length(p ->> 'title') <= 100
    and jsonb_typeof(p -> 'summary') = 'string' and p ->> 'summary' ~ '\S' and char_length(p ->> 'summary') <= 240
    and jsonb_typeof(p -> 'body') = 'string' and p ->> 'body' ~ '\S' and char_length(p ->> 'body') <= 8000
    and jsonb_typeof(p -> 'ask') = 'array' and jsonb_array_length(p -> 'ask') <= 30
    and (select coalesce(bool_and(jsonb_typeof(l.value) = 'string' and l.value #>> '{}' ~ '\S' and char_length(l.value #>> '{}') <= 120), true) from jsonb_array_elements(p -> 'ask') l), false);
$$;

create function private.is_article(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(p ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p ->> 'slug') <= 60
    and p ->> 'topic' in ('reporting', 'emergencies', 'scams', 'theft', 'people', 'neighbours', 'papers', 'together', 'rights')
    and jsonb_typeof(p -> 'related') = 'array' and jsonb_array_length(p -> 'related') <= 8
    and (select coalesce(bool_and(r.value #>> '{}' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and r.value #>> '{}' <> p ->> 'slug'), true) from jsonb_array_elements(p -> 'related') r)
    and jsonb_typeof(p -> 'texts') = 'object' and p -> 'texts' <> '{}'::jsonb
    and (select bool_and(t.key in ('zh', 'en') and private.is_article_text(t.value)) from jsonb_each(p -> 'texts') t), false);
$$;

create function private.add_article_version(p_slug text, p jsonb, p_staff uuid, p_reviewed date, p_restored_from integer default null) returns private.article_versions
language plpgsql volatile set search_path = '' as $$
declare
  v_version private.article_versions;
begin
  insert into private.article_versions (slug, number, made_at, made_by, topic, related, reviewed_on, restored_from)
  values (p_slug, (select coalesce(max(v.number), 0) + 1 from private.article_versions v where v.slug = p_slug), private.clock(), p_staff, p ->> 'topic',
    array(select r.value from jsonb_array_elements_text(p -> 'related') with ordinality r (value, n) order by r.n), p_reviewed, p_restored_from)
  returning * into v_version;
  insert into private.article_texts (version_id, locale, title, summary, ask, body)
  select v_version.id, t.key, t.value ->> 'title', t.value ->> 'summary', array(select l.value from jsonb_array_elements_text(t.value -> 'ask') with ordinality l (value, n) order by l.n), t.value ->> 'body'
  from jsonb_each(p -> 'texts') t;
  return v_version;
end;
$$;

-- Lines that stand under another article as well: the chatbot could not tell the two apart.
create function private.ask_lines_taken(p_slug text, p_texts jsonb) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(distinct jsonb_build_object('locale', t.key, 'line', l.value, 'slug', v.slug)), '[]'::jsonb)
  from jsonb_each(p_texts) t, jsonb_array_elements_text(t.value -> 'ask') l, private.articles a
  join private.article_versions v on v.slug = a.slug and v.number = a.published_number
  join private.article_texts x on x.version_id = v.id
  where a.slug <> p_slug and x.locale = t.key and exists (select from unnest(x.ask) o (line) where lower(btrim(o.line)) = lower(btrim(l.value)));
$$;

/*
  Adds a version, and lets residents read it if `publishes`. p: slug, topic, related[], texts: {zh?, en?}, base: the newest number the editor had seen (0: a new
  article), restored_from?, publishes? → {ok, number, state, taken: ask lines that another article has} | forbidden, conflict, invalid_input
*/
create function public.save_article(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_version private.article_versions;
  v_zone text;
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  if not private.is_article(p) then
    return private.refuse('invalid_input');
  end if;
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  if coalesce((p ->> 'base')::integer, -1) <> coalesce((select max(v.number) from private.article_versions v where v.slug = v_article.slug), 0)
    or (p ->> 'restored_from' is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.number = (p ->> 'restored_from')::integer)) then
    return private.refuse('conflict');
  end if;
  if v_article.slug is null then
    insert into private.articles (slug, position) values (p ->> 'slug', (select coalesce(max(a.position), 0) + 10 from private.articles a)) returning * into v_article;
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  v_version := private.add_article_version(v_article.slug, p, v_staff.user_id, (private.clock() at time zone v_zone)::date, (p ->> 'restored_from')::integer);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.saved', 'knowledge', null,
    jsonb_build_object('article', v_article.slug, 'version', v_version.number, 'restored_from', v_version.restored_from));
  if coalesce((p ->> 'publishes')::boolean, false) then
    perform private.set_article_public(v_staff, v_article, v_version.number);
  end if;
  select a.* into v_article from private.articles a where a.slug = v_article.slug;
  return jsonb_build_object('ok', true, 'number', v_version.number, 'state', private.article_state(v_article), 'taken', private.ask_lines_taken(v_article.slug, p -> 'texts'));
end;
$$;
comment on function public.save_article(jsonb) is 'Definer: nobody writes the articles directly.';
revoke all on function public.save_article(jsonb) from public;
grant execute on function public.save_article(jsonb) to authenticated;

create function private.set_article_public(p_staff public.staff, p_article private.articles, p_number integer) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_staff public.staff := p_staff;
begin
  if p_article.published_number is not distinct from p_number then
    return;
  end if;
  update private.articles a set published_number = p_number, published_at = case when p_number is not null then private.clock() end, published_by = case when p_number is not null then p_staff.user_id end
  where a.slug = p_article.slug;
  if p_number is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.hidden', 'knowledge', null, jsonb_build_object('article', p_article.slug));
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.published', 'knowledge', null, jsonb_build_object('article', p_article.slug, 'version', p_number));
  end if;
end;
$$;

-- Lets residents read a version, or takes the article away from them. p: {slug, number: null takes it away} → {ok, state} | forbidden, not_found
create function public.publish_article(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_number integer := (p ->> 'number')::integer;
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  if v_article.slug is null or (v_number is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.number = v_number)) then
    return private.refuse('not_found');
  end if;
  perform private.set_article_public(v_staff, v_article, v_number);
  select a.* into v_article from private.articles a where a.slug = v_article.slug;
  return jsonb_build_object('ok', true, 'state', private.article_state(v_article));
end;
$$;
comment on function public.publish_article(jsonb) is 'Definer: nobody writes the articles directly.';
revoke all on function public.publish_article(jsonb) from public;
grant execute on function public.publish_article(jsonb) to authenticated;

/* What ships with Linli (RULES F2). */

alter table private.shipped_rows drop constraint shipped_rows_kind_check, add constraint shipped_rows_kind_check check (kind in ('category', 'question', 'template', 'article'));

/*
  p: [{slug, topic, related[], reviewed_on, texts}] in their order → slugs that were added or changed for residents.
  An article that the station changed or took away stays as it is; the new text is added as a version that the desk can take over.
*/
create function private.ship_articles(p jsonb) returns setof text
language plpgsql volatile set search_path = '' as $$
declare
  v_item record;
  v_article private.articles;
  v_published private.article_versions;
  v_content jsonb;
  v_shipped jsonb;
  v_todo text;
  v_version private.article_versions;
begin
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    if not private.is_article(v_item.value - 'reviewed_on') then
      raise exception 'the article % does not keep the rules of an article', v_item.value ->> 'slug' using errcode = 'PT422', detail = 'invalid_input';
    end if;
    select a.* into v_article from private.articles a where a.slug = v_item.value ->> 'slug';
    select v.* into v_published from private.article_versions v where v.slug = v_article.slug and v.number = v_article.published_number;
    v_content := jsonb_build_object('topic', v_item.value -> 'topic', 'related', v_item.value -> 'related', 'texts', v_item.value -> 'texts');
    select r.content into v_shipped from private.shipped_rows r where r.kind = 'article' and r.key = v_item.value ->> 'slug';
    continue when v_shipped = v_content;
    v_todo := private.ship('article', v_item.value ->> 'slug', v_content,
      -- Only one that nobody here has touched follows: neither its words, nor that residents read it.
      case when v_published.id is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.made_by is not null) then private.content_of(v_published) end);
    if v_article.slug is null then
      -- An article that the station made under this name is its own; one that was never there is new.
      insert into private.articles (slug, position) values (v_item.value ->> 'slug', v_item.ordinality * 10) returning * into v_article;
    end if;
    v_version := private.add_article_version(v_article.slug, v_item.value, null, coalesce((v_item.value ->> 'reviewed_on')::date, private.clock()::date));
    if v_todo = 'update' or v_version.number = 1 then
      update private.articles a set published_number = v_version.number, published_at = private.clock(), published_by = null where a.slug = v_article.slug;
      return next v_article.slug;
    end if;
  end loop;
end;
$$;
comment on function private.ship_articles(jsonb) is 'Called by the loader of supabase/seeds/knowledge (supabase/embedded/article-seeds.ts).';
