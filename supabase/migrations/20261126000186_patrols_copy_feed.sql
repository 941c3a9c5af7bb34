-- Purpose: the copy of an account says whether a calendar of its patrols is open.
-- Risk: none for data; volunteer_copy is wrapped.

alter function private.volunteer_copy(uuid) rename to volunteer_copy_before_feed;
create function private.volunteer_copy(p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  -- Null for whoever never applied. The address itself is known to nobody but its volunteer.
  select private.volunteer_copy_before_feed(p_user) || jsonb_build_object('calendar', (select jsonb_build_object('created_at', f.created_at, 'revoked_at', f.revoked_at, 'last_read_on', f.last_read_on)
    from private.calendar_feeds f join public.volunteers v on v.id = f.volunteer_id where v.user_id = p_user));
$$;
revoke all on function private.volunteer_copy(uuid) from public;
