-- What a station says often. Run again at any time: a template that the station changed, added or removed at its desk is never touched.
-- 【…】 and […] are for the officer to fill in; phone numbers are those of the station.
select shipped from private.ship_alert_templates($seed$[
  {"slug": "phone-scam", "name": ["电信网络诈骗预警", "Scam warning"], "kind": "warning", "colour": "yellow", "event": "phone_scam", "hours": 168, "texts": {
    "zh": ["近期辖区发生冒充【身份】的诈骗，请注意防范", "有人冒充【身份】打电话或加好友，以【理由】为由要求转账或提供验证码。本周已接到【几】起报警。", "民警不会在电话里要您转账，也不会要验证码。接到这类电话请挂断，拿不准就打 96110 或 110。已经转了钱，马上打 110。"],
    "en": ["Scam callers are posing as [who] in our area", "Callers or new contacts pose as [who] and ask for money or a code because of [reason]. [Number] cases were reported this week.", "The police never ask for money or a code on the phone. Hang up. If you are not sure, call 96110 or 110. If you have already paid, call 110 at once."]}},
  {"slug": "burglary", "name": ["入室盗窃预警", "Burglary warning"], "kind": "warning", "colour": "yellow", "event": "burglary", "hours": 168, "texts": {
    "zh": ["【地点】近日发生入室盗窃，请关好门窗", "【日期】以来，【地点】发生【几】起入室盗窃，多在【时段】，从【哪里】进入。", "出门和睡前关好门窗，贵重物品不要放在显眼处。看到可疑人员请打 110，不要自己上前。"],
    "en": ["Burglaries at [place]: please lock doors and windows", "Since [date] there were [number] burglaries at [place], mostly [time of day]. The thieves came in through [where].", "Lock doors and windows when you go out and before you sleep. Keep valuables out of sight. If you see something suspicious, call 110 and stay away."]}},
  {"slug": "missing-person", "name": ["寻找走失人员", "Missing person"], "kind": "warning", "colour": "orange", "event": "missing_person", "hours": 48, "texts": {
    "zh": ["寻人：【性别】，【年龄】岁，【时间】在【地点】走失", "走失时穿【衣着】，【体貌特征】。", "见到请打 110 或派出所电话【电话】，请陪在身边等民警来，不要追赶。"],
    "en": ["Missing: [man or woman], [age], last seen at [place] at [time]", "Was wearing [clothes]; [looks].", "If you see this person, call 110 or the station on [phone]. Please stay close until an officer comes; do not run after them."]}},
  {"slug": "gas-leak", "name": ["燃气泄漏", "Gas leak"], "kind": "warning", "colour": "red", "event": "gas_leak", "hours": 12, "texts": {
    "zh": ["【地点】燃气泄漏，请立即离开", "【时间】，【地点】发生燃气泄漏，消防和民警正在处置。", "请马上走楼梯离开，不开灯，不用明火，不在楼内打电话。到【集合地点】集合，有人没出来请告诉现场民警或打 119。"],
    "en": ["Gas leak at [place]: leave now", "Gas has been leaking at [place] since [time]. The fire brigade and the police are there.", "Leave by the stairs now. No lights, no flames, no phone calls inside. Gather at [place]. If somebody is still inside, tell an officer or call 119."]}},
  {"slug": "heavy-rain", "name": ["暴雨积水", "Heavy rain"], "kind": "warning", "colour": "blue", "event": "heavy_rain", "hours": 24, "texts": {
    "zh": ["【时段】有强降雨，低洼处请注意积水", "预计【时段】有强降雨，【地点】等低洼处容易积水。", "车辆不要停在低洼处和地下车库，不要涉水过下穿通道。遇险请打 110 或 119。"],
    "en": ["Heavy rain [when]: watch out for flooding", "Heavy rain is expected [when]. Low places such as [place] may flood.", "Do not park in low places or underground. Do not walk or drive through flooded underpasses. In danger call 110 or 119."]}},
  {"slug": "road-closure", "name": ["道路封闭", "Road closure"], "kind": "notice", "event": "road_closure", "hours": 48, "texts": {
    "zh": ["【路段】将于【时间】封闭", "因【原因】，【路段】将于【开始】至【结束】封闭。", "请绕行【路线】，公交改道请看站牌。"],
    "en": ["[Road] will be closed [when]", "Because of [reason], [road] is closed from [start] to [end].", "Please go by [route]. For buses see the signs at the stop."]}},
  {"slug": "solved", "name": ["破案通报", "Solved case"], "kind": "solved", "event": "burglary", "hours": 336, "texts": {
    "zh": ["【案件】已经侦破", "【日期】提醒过大家的【案件】已经侦破，【几】名嫌疑人被依法处理。感谢提供线索的居民。", "日常防范请继续保持：出门关好门窗。"],
    "en": ["[Case]: solved", "The [case] that we warned you of on [date] is solved. [Number] suspects are being dealt with by law. Thank you to everybody who helped.", "Please keep locking your doors and windows."]}},
  {"slug": "safety-tip", "name": ["安全提示", "Safety tip"], "kind": "tip", "event": "electric_bike_safety", "hours": 336, "texts": {
    "zh": ["电动车不进楼、不飞线充电", "电动车在楼道、家里充电，一旦起火会堵住逃生通道。", "请到集中充电点充电。发现楼道充电可以在门户上反映。"],
    "en": ["Keep electric bikes out of the building", "An electric bike that catches fire in a hallway blocks the way out.", "Use the shared charging points. If you see one charging in a hallway, tell us on the portal."]}},
  {"slug": "all-clear", "name": ["解除", "All clear"], "message_type": "all_clear", "kind": "warning", "colour": "red", "event": "other", "hours": 24, "texts": {
    "zh": ["【事情】已经解除，可以恢复正常", "【时间】起，【地点】的【事情】已经处置完毕，危险解除。", null],
    "en": ["[Matter] is over: all clear", "Since [time], [matter] at [place] has been dealt with. The danger is over.", null]}},
  {"slug": "cancel", "name": ["撤回", "Cancellation"], "message_type": "cancel", "kind": "warning", "colour": "yellow", "event": "other", "hours": 24, "texts": {
    "zh": ["撤回：【标题】", "【时间】发出的提醒有误，现予撤回，给您带来不便，抱歉。", null],
    "en": ["Withdrawn: [headline]", "The message of [time] was wrong and is withdrawn. We are sorry.", null]}}
]$seed$::jsonb) shipped;
