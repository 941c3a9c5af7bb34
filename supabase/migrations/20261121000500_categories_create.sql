-- Purpose: the service list: categories, their own questions, and response templates, with texts per locale.
-- Risk: none, new objects.

create table public.categories (
  code public.code_name primary key,
  "group" text not null check (char_length("group") between 1 and 40),
  visibility public.visibility not null,
  urgency public.urgency not null,
  name jsonb not null check (name ?& array['zh', 'en']),
  description jsonb not null check (description ?& array['zh', 'en']),
  guidance jsonb not null check (guidance ?& array['zh', 'en']),
  retention_days integer not null check (retention_days between 30 and 3650),
  is_about_police boolean not null default false,
  allows_device_draft boolean not null default true,
  position integer not null default 0,
  is_active boolean not null default true
);
comment on table public.categories is 'What can be reported. Public categories may show place and summary to neighbours, private ones never.';
alter table public.categories enable row level security;
create policy "everyone reads active categories" on public.categories for select to anon, authenticated using (is_active);
grant select on public.categories to anon, authenticated, service_role;

create table public.category_questions (
  category_code text not null references public.categories (code) on delete cascade,
  code public.code_name not null,
  kind text not null check (kind in ('text', 'number', 'single', 'multi', 'officer')),
  label jsonb not null check (label ?& array['zh', 'en']),
  hint jsonb check (hint is null or hint ?& array['zh', 'en']),
  options jsonb not null default '[]'::jsonb check (jsonb_typeof(options) = 'array'),
  is_required boolean not null default false,
  position integer not null default 0,
  primary key (category_code, code),
  check ((kind in ('single', 'multi')) = (jsonb_array_length(options) > 0))
);
comment on table public.category_questions is 'Extra questions of a category; `options` is [{code, label: {zh, en}}].';
alter table public.category_questions enable row level security;
create policy "everyone reads questions" on public.category_questions for select to anon, authenticated using (true);
grant select on public.category_questions to anon, authenticated, service_role;

create table public.response_templates (
  id uuid primary key default gen_random_uuid(),
  slug public.slug not null unique,
  category_code text references public.categories (code) on delete cascade,
  status text not null check (status in ('received', 'triaged', 'in_progress', 'resolved', 'closed', 'message')),
  closed_reason public.closed_reason,
  name jsonb not null check (name ?& array['zh', 'en']),
  body jsonb not null check (body ?& array['zh', 'en']),
  position integer not null default 0
);
comment on table public.response_templates is 'Public sentences per category × status × locale; without a category they fit all.';
create index response_templates_by_category on public.response_templates (category_code, status);
alter table public.response_templates enable row level security;
create policy "staff read response templates" on public.response_templates for select to authenticated
  using ((select private.my_station()) is not null);
grant select on public.response_templates to authenticated, service_role;
