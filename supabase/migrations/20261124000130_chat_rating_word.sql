-- Purpose: after one to five a resident may add a few words about how the chat was.
-- Risk: none, one new function.

-- p: conversation, word_sealed → {ok} | not_found: nothing was rated within a day, or it has its words already
create function public.add_rating_word(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if p ->> 'word_sealed' is null then
    return private.refuse('invalid_input');
  end if;
  update private.chat_threads t set rating_word_sealed = p ->> 'word_sealed'
  where t.id = v_thread.id and t.rated_at > private.clock() - interval '1 day' and t.rating_word_sealed is null;
  if not found then
    return private.refuse('not_found');
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.add_rating_word(jsonb) is 'Definer: the tables are private.';
revoke all on function public.add_rating_word(jsonb) from public;
grant execute on function public.add_rating_word(jsonb) to service_role;
