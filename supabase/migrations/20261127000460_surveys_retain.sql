-- Purpose: how long answers to surveys, the words that came with them and the traces of ballots and links are kept. What was published stays.
-- Risk: none for data, new objects.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('survey_answers', 180, 'surveys:retain', 'term', '395 days', '30 days', '1095 days',
    '{"zh": "问卷的回答（不知道是谁填的）", "en": "Answers to surveys (by nobody knows whom)"}', '{"zh": "结果公布后计算，期满删除；已公布的结果不变", "en": "Counted from the day the results came out, then deleted; what was published stays"}',
    '{"zh": "下一轮问卷时便于核对上一轮的统计", "en": "The count can be checked when the next round is compared with it"}'),
  ('survey_texts', 181, 'surveys:retain', 'term', '183 days', '30 days', '365 days',
    '{"zh": "问卷里写的文字（加密，与其他回答分开保存）", "en": "Words written in surveys (sealed, apart from the other answers)"}', '{"zh": "结果公布后计算，期满删除", "en": "Counted from the day the results came out, then deleted"}',
    '{"zh": "派出所读完、改进工作所需的时间", "en": "Long enough for the station to read and act on them"}'),
  ('survey_links', 182, 'surveys:advance', 'term', '10 minutes', null, null,
    '{"zh": "问卷的一次性链接用过没有，各网络地址指纹的次数", "en": "Which single-use links of a survey were used, and counts by a fingerprint of the network"}', '{"zh": "问卷结束后计算，删除", "en": "Counted from the end of the survey, then deleted"}',
    '{"zh": "问卷结束就用不着了", "en": "Of no use once the survey is over"}'),
  ('ballot_draws', 183, 'ratings:shuffle', 'term', '30 days', null, null,
    '{"zh": "谁领过评价或问卷的选票（不知道填了什么）", "en": "Who drew a ballot of a rating or survey (not what was said with it)"}', '{"zh": "评价或问卷结束后计算，删除", "en": "Counted from the end of the round or survey, then deleted"}',
    '{"zh": "一人只领一张", "en": "One ballot for each person"}');

-- In pages. p: {limit, is_dry?} → {ok, answers, texts, has_more}
create function public.retain_surveys(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 1), 1), 5000);
  v_answers integer;
  v_texts integer;
begin
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return jsonb_build_object('ok', true, 'has_more', false,
      'answers', (select count(*) from private.survey_responses r join public.figure_releases f on f.survey_id = r.survey_id where f.released_at < private.clock() - private.kept_for('survey_answers')),
      'texts', (select count(*) from private.survey_texts t join public.figure_releases f on f.survey_id = t.survey_id where f.released_at < private.clock() - private.kept_for('survey_texts')));
  end if;
  delete from private.survey_responses r where r.id in (select o.id from private.survey_responses o join public.figure_releases f on f.survey_id = o.survey_id where f.released_at < private.clock() - private.kept_for('survey_answers') limit v_limit);
  get diagnostics v_answers = row_count;
  delete from private.survey_texts t where t.id in (select o.id from private.survey_texts o join public.figure_releases f on f.survey_id = o.survey_id where f.released_at < private.clock() - private.kept_for('survey_texts') limit v_limit);
  get diagnostics v_texts = row_count;
  return jsonb_build_object('ok', true, 'answers', v_answers, 'texts', v_texts, 'has_more', greatest(v_answers, v_texts) >= v_limit);
end;
$$;
comment on function public.retain_surveys(jsonb) is 'For the job of the day. Definer: the tables have no grants.';
revoke all on function public.retain_surveys(jsonb) from public;
grant execute on function public.retain_surveys(jsonb) to service_role;
