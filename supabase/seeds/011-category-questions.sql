-- Each category's own questions. Upserts by (category, code): a station's own questions stay; texts follow this file.
-- Kinds: text, number, single, multi, officer. Options: [code, zh, en]. Only what decides the next step is required.
insert into public.category_questions as kept (category_code, code, kind, is_required, position, label, hint, options)
select q.category, q.code, q.kind, coalesce(q.required, false), ((row_number() over (partition by q.category order by q.ordinality)) * 10)::integer,
  jsonb_build_object('zh', q.label ->> 0, 'en', q.label ->> 1),
  case when q.hint is not null then jsonb_build_object('zh', q.hint ->> 0, 'en', q.hint ->> 1) end,
  coalesce((select jsonb_agg(jsonb_build_object('code', o.value ->> 0, 'label', jsonb_build_object('zh', o.value ->> 1, 'en', o.value ->> 2)) order by o.ordinality)
    from jsonb_array_elements(q.options) with ordinality as o (value, ordinality)), '[]'::jsonb)
from rows from (jsonb_to_recordset($seed$[
  {"category": "theft", "code": "stolen_from", "kind": "single", "required": true, "label": ["从哪里被偷的？", "Where was it stolen from?"],
    "options": [["home", "家里", "Home"], ["shop", "店铺、单位", "Shop or office"], ["vehicle", "车内", "Inside a vehicle"], ["ebike", "电动车、自行车本身", "The e-bike or bicycle itself"], ["parcel", "快递、外卖", "Parcel or delivery"], ["person", "随身", "On me"], ["other_place", "别的地方", "Somewhere else"]]},
  {"category": "theft", "code": "things", "kind": "text", "required": true, "label": ["少了什么东西？", "What is missing?"], "hint": ["品牌、颜色、编号、特征，知道多少写多少", "Make, colour, serial number, marks: as much as you know"]},
  {"category": "theft", "code": "value_yuan", "kind": "number", "label": ["大约值多少钱（元）？", "About how much was it worth (yuan)?"]},
  {"category": "theft", "code": "way_in", "kind": "single", "label": ["小偷可能怎么进来的？", "How did they probably get in?"],
    "options": [["forced", "撬锁、破门窗", "Forced a lock, door or window"], ["open", "门窗没关好", "Something was left open"], ["climbed", "爬上来的", "Climbed"], ["unknown", "不清楚", "I do not know"]]},
  {"category": "theft", "code": "camera", "kind": "single", "label": ["附近有监控吗？", "Is there a camera nearby?"],
    "options": [["saved", "有，已经存下来了", "Yes, the footage is saved"], ["not_saved", "有，还没存", "Yes, not saved yet"], ["none", "没有", "No"], ["unknown", "不清楚", "I do not know"]]},

  {"category": "fraud", "code": "paid", "kind": "single", "required": true, "label": ["钱转出去了吗？", "Has money been sent?"],
    "options": [["today", "转了，就在今天", "Yes, today"], ["earlier", "转了，是以前", "Yes, before today"], ["not_yet", "还没有", "Not yet"], ["codes_given", "没转钱，但说了验证码或密码", "No, but I gave codes or passwords"]]},
  {"category": "fraud", "code": "scam", "kind": "single", "required": true, "label": ["对方用的什么说法？", "What story did they tell?"],
    "options": [["task", "刷单、做任务返钱", "Paid tasks or rebates"], ["investment", "投资、炒币、荐股", "Investment, coins, stock tips"], ["service", "冒充客服、退款、快递理赔", "Customer service, refund, parcel claim"], ["authority", "冒充公检法、社保、医保", "Police, court, social insurance"], ["loan", "贷款、注销校园贷", "Loan or cancelling a loan"], ["acquaintance", "冒充领导、熟人", "Boss or acquaintance"], ["romance", "网恋、裸聊", "Romance or intimate video"], ["shopping", "网购、游戏、票务", "Shopping, games, tickets"], ["other_story", "别的", "Something else"]]},
  {"category": "fraud", "code": "amount_yuan", "kind": "number", "label": ["一共多少钱（元）？", "How much in all (yuan)?"]},
  {"category": "fraud", "code": "paid_by", "kind": "multi", "label": ["怎么给的？", "How was it paid?"],
    "options": [["bank", "银行转账", "Bank transfer"], ["wechat", "微信", "WeChat Pay"], ["alipay", "支付宝", "Alipay"], ["cash", "现金、黄金当面交", "Cash or gold handed over"], ["card_code", "购物卡、卡密", "Gift cards or card codes"], ["loan_app", "贷款后转出", "From a new loan"]]},
  {"category": "fraud", "code": "their_numbers", "kind": "text", "label": ["对方的电话、账号、网址或 App", "Their phone numbers, accounts, links or app"], "hint": ["照原样抄下来，一行一个", "Copy them as they are, one a line"]},

  {"category": "violence", "code": "injured", "kind": "single", "required": true, "label": ["有人受伤吗？", "Is anyone hurt?"],
    "options": [["no", "没有", "No"], ["light", "轻伤，不用去医院", "Lightly, no doctor needed"], ["hospital", "去了或要去医院", "Needs or has seen a doctor"], ["unknown", "不清楚", "I do not know"]]},
  {"category": "violence", "code": "weapon", "kind": "single", "label": ["对方手里有东西吗？", "Did they hold anything?"],
    "options": [["none", "没有", "No"], ["knife", "刀具", "A knife or blade"], ["object", "棍棒、瓶子等", "A stick, bottle or the like"], ["unknown", "没看清", "I could not see"]]},
  {"category": "violence", "code": "known", "kind": "single", "label": ["认识对方吗？", "Do you know who it was?"],
    "options": [["yes", "认识", "Yes"], ["by_sight", "见过，叫不出名字", "By sight only"], ["no", "不认识", "No"]]},
  {"category": "violence", "code": "appearance", "kind": "text", "label": ["对方长什么样，往哪里走了？", "What did they look like and where did they go?"], "hint": ["人数、身高、衣着、口音、车牌", "How many, height, clothes, accent, number plate"]},

  {"category": "domestic_violence", "code": "harmed", "kind": "single", "required": true, "label": ["谁受到了伤害？", "Who is being harmed?"],
    "options": [["me", "我自己", "I am"], ["child", "孩子", "A child"], ["elder", "老人", "An old person"], ["adult", "家里别的大人", "Another adult at home"], ["neighbour", "邻居家的人", "Someone next door"]]},
  {"category": "domestic_violence", "code": "safe_now", "kind": "single", "required": true, "label": ["现在安全吗？", "Is it safe now?"],
    "options": [["yes", "安全", "Yes"], ["for_now", "暂时安全，怕再发生", "For now, but it may happen again"], ["no", "不安全", "No"]]},
  {"category": "domestic_violence", "code": "children", "kind": "single", "label": ["家里有孩子看到或受到影响吗？", "Do children see it or suffer from it?"],
    "options": [["yes", "有", "Yes"], ["no", "没有", "No"], ["unknown", "不清楚", "I do not know"]]},
  {"category": "domestic_violence", "code": "safe_contact", "kind": "text", "label": ["什么时候、用什么方式联系您才安全？", "When and how is it safe to reach you?"], "hint": ["不写，我们就只在这里回话", "If you leave this empty we answer only here"]},
  {"category": "domestic_violence", "code": "wishes", "kind": "multi", "label": ["您希望我们做什么？", "What would you like us to do?"],
    "options": [["record", "先留个记录", "Only keep a record for now"], ["warn", "依法告诫对方", "Give a written warning"], ["order", "了解人身安全保护令", "Explain the protection order"], ["shelter", "找个住的地方", "Help to find shelter"], ["injury", "验伤", "Have injuries examined"], ["talk", "想和女民警谈谈", "Talk with a woman officer"]]},

  {"category": "suspicious", "code": "still_there", "kind": "single", "required": true, "label": ["现在还在吗？", "Still there now?"],
    "options": [["yes", "还在", "Yes"], ["no", "走了", "No"], ["comes_back", "常常来", "Keeps coming back"]]},
  {"category": "suspicious", "code": "seen", "kind": "multi", "label": ["看到了什么？", "What did you notice?"],
    "options": [["handles", "试门把手、敲门探人", "Tried handles, knocked to see who is in"], ["marks", "门口做记号、贴东西", "Marks or stickers at doors"], ["watching", "长时间蹲守、张望", "Waited and watched for long"], ["posing", "冒充工作人员", "Posed as staff"], ["vehicle", "车辆反复出现", "A vehicle that keeps coming"], ["following", "跟着人走", "Followed someone"]]},
  {"category": "suspicious", "code": "appearance", "kind": "text", "label": ["人是什么样的？", "What did the person look like?"], "hint": ["衣着、身高、带了什么；不用猜是哪里人", "Clothes, height, what they carried; no need to guess where they are from"]},
  {"category": "suspicious", "code": "plate", "kind": "text", "label": ["车牌、车型、颜色", "Number plate, make, colour"]},

  {"category": "drugs_gambling", "code": "kind_of_activity", "kind": "single", "required": true, "label": ["是哪一种？", "Which is it?"],
    "options": [["drug_use", "吸毒", "Drug use"], ["drug_dealing", "贩毒", "Drug dealing"], ["gambling_place", "赌博窝点", "A gambling place"], ["gambling_online", "网络赌博", "Online gambling"], ["prostitution", "卖淫", "Prostitution"], ["not_sure", "说不准", "Not sure"]]},
  {"category": "drugs_gambling", "code": "known_from", "kind": "single", "label": ["您是怎么知道的？", "How do you know?"],
    "options": [["saw", "亲眼看到", "I saw it"], ["heard", "听到动静、闻到气味", "I heard or smelled it"], ["told", "听别人说的", "Someone told me"], ["involved", "家人或自己牵涉在内", "Family or I are involved"]]},
  {"category": "drugs_gambling", "code": "usual_times", "kind": "text", "label": ["一般什么时候有人？", "When are people usually there?"]},
  {"category": "drugs_gambling", "code": "signs", "kind": "text", "label": ["门牌、车牌、网址、收款账号", "Door number, plates, web address, accounts"], "hint": ["知道多少写多少，不要为此去冒险", "Only what you know already; take no risk for it"]},

  {"category": "noise_dispute", "code": "wants_mediation", "kind": "single", "required": true, "label": ["愿意请社区民警调解吗？", "Would you like the community officer to mediate?"], "hint": ["调解自愿，不收费", "Mediation is voluntary and free"],
    "options": [["yes", "愿意", "Yes"], ["not_now", "先看看，暂时不用", "Not for now"], ["only_stop", "不调解，只希望停下来", "No, it should just stop"]]},
  {"category": "noise_dispute", "code": "about", "kind": "single", "required": true, "label": ["主要是什么事？", "What is it mainly about?"],
    "options": [["footsteps", "楼上走动、拖家具", "Steps or furniture upstairs"], ["music", "音响、唱歌、聚会", "Music, singing, parties"], ["building_work", "装修、施工", "Building work"], ["dancing", "广场舞", "Dancing in the square"], ["business", "商铺、夜宵摊", "Shops or food stalls"], ["animals", "狗叫、养宠物", "Dogs and pets"], ["space", "停车、占公共地方", "Parking or shared space"], ["leak", "漏水、装修损坏", "Leaks or damage"], ["other_matter", "别的", "Something else"]]},
  {"category": "noise_dispute", "code": "talked", "kind": "single", "label": ["和对方说过吗？", "Have you talked with them?"],
    "options": [["no", "没有", "No"], ["helped_briefly", "说过，好了几天又这样", "Yes, it helped for a few days"], ["no_use", "说过，没用", "Yes, it did not help"], ["quarrel", "说过，吵起来了", "Yes, it became a quarrel"]]},
  {"category": "noise_dispute", "code": "times", "kind": "multi", "label": ["一般什么时候吵？", "When is it loud?"],
    "options": [["early", "早上 7 点前", "Before 7 in the morning"], ["noon", "中午", "Around noon"], ["daytime", "白天", "During the day"], ["evening", "晚上 10 点前", "Evening until 10"], ["night", "晚上 10 点后", "After 10 at night"], ["weekend", "主要是周末", "Mostly at weekends"]]},
  {"category": "noise_dispute", "code": "good_outcome", "kind": "text", "label": ["怎样解决您觉得可以？", "What would be a good way out for you?"]},

  {"category": "traffic", "code": "problem", "kind": "single", "required": true, "label": ["是什么问题？", "What is the problem?"],
    "options": [["parking", "乱停车", "Bad parking"], ["fire_lane", "占消防通道", "Fire lane blocked"], ["speeding", "飙车、炸街", "Speeding or street racing"], ["signal", "红绿灯、标志、护栏坏了", "Broken light, sign or barrier"], ["ebikes", "电动车、三轮车乱走", "E-bikes or tricycles"], ["school_gate", "学校门口", "At a school gate"], ["hit_and_run", "撞了就跑", "Hit and run"], ["other_problem", "别的", "Something else"]]},
  {"category": "traffic", "code": "how_often", "kind": "single", "label": ["多久一次？", "How often?"],
    "options": [["once", "就这一次", "Just this once"], ["weekly", "每周都有", "Every week"], ["daily", "差不多每天", "Nearly every day"]]},
  {"category": "traffic", "code": "endangered", "kind": "multi", "label": ["谁最容易受伤？", "Who is most at risk?"],
    "options": [["children", "孩子", "Children"], ["elders", "老人", "Old people"], ["walkers", "行人", "People on foot"], ["riders", "骑车人", "Riders"], ["drivers", "开车人", "Drivers"]]},
  {"category": "traffic", "code": "plate", "kind": "text", "label": ["车牌（如果有）", "Number plate, if any"]},

  {"category": "fire_hazard", "code": "hazard", "kind": "single", "required": true, "label": ["是什么隐患？", "What is the hazard?"],
    "options": [["ebike_indoors", "电动车进楼、在楼道充电", "E-bike indoors or charging in a corridor"], ["wires", "飞线充电、电线裸露", "Hanging or bare wires"], ["exit_blocked", "楼道、安全出口被堵", "Stairs or exit blocked"], ["equipment", "灭火器、消火栓坏了", "Extinguisher or hydrant broken"], ["gas", "燃气味、气罐", "Smell of gas, gas bottles"], ["falling", "墙皮、广告牌要掉", "Plaster or a sign about to fall"], ["ground", "井盖缺失、路面塌陷", "Missing manhole cover, sunken road"], ["storage", "堆放易燃物", "Flammable things stored"], ["other_hazard", "别的", "Something else"]]},
  {"category": "fire_hazard", "code": "spot", "kind": "text", "required": true, "label": ["具体在哪一栋、哪一层？", "Which building, entrance and floor?"]},
  {"category": "fire_hazard", "code": "told_property", "kind": "single", "label": ["跟物业说过吗？", "Have you told the property office?"],
    "options": [["no", "没有", "No"], ["waiting", "说了，还没处理", "Yes, nothing done yet"], ["refused", "说了，说不归他们管", "Yes, they say it is not theirs"]]},
  {"category": "fire_hazard", "code": "people_near", "kind": "multi", "label": ["附近住着行动不便的人吗？", "Does anyone nearby need help to get out?"],
    "options": [["elders", "老人", "Old people"], ["children", "小孩", "Small children"], ["disabled", "行动不便的人", "People who cannot walk well"], ["none", "不清楚", "I do not know"]]},

  {"category": "lost_property", "code": "lost_or_found", "kind": "single", "required": true, "label": ["是丢了还是捡到了？", "Lost or found?"],
    "options": [["lost", "我丢了东西", "I lost something"], ["found", "我捡到东西", "I found something"]]},
  {"category": "lost_property", "code": "item", "kind": "single", "required": true, "label": ["是什么？", "What is it?"],
    "options": [["id_card", "身份证、证件", "ID card or papers"], ["phone", "手机、电脑", "Phone or computer"], ["wallet", "钱包、银行卡、现金", "Wallet, cards, cash"], ["keys", "钥匙", "Keys"], ["bag", "包、行李", "Bag or luggage"], ["pet", "宠物", "Pet"], ["other_item", "别的", "Something else"]]},
  {"category": "lost_property", "code": "marks", "kind": "text", "label": ["有什么特征？", "What does it look like?"], "hint": ["颜色、品牌、划痕、挂件。这些不会公开", "Colour, make, scratches, key rings. None of this is made public"]},
  {"category": "lost_property", "code": "way", "kind": "text", "label": ["当天走过哪些地方？", "Which way did you go that day?"]},

  {"category": "stolen_goods", "code": "goods", "kind": "single", "required": true, "label": ["卖的是什么？", "What is being sold?"],
    "options": [["phone", "手机、电脑", "Phones, computers"], ["ebike", "电动车、电瓶", "E-bikes, batteries"], ["metal", "电缆、金属", "Cable, metal"], ["tobacco", "烟酒", "Cigarettes, spirits"], ["jewellery", "首饰", "Jewellery"], ["other_goods", "别的", "Something else"]]},
  {"category": "stolen_goods", "code": "offered_where", "kind": "single", "required": true, "label": ["在哪里卖？", "Where is it offered?"],
    "options": [["platform", "二手平台", "Second-hand platform"], ["chat_group", "微信群、朋友圈", "Chat group or moments"], ["shop", "回收店、门店", "Shop or scrap dealer"], ["street", "路边、市场", "Street or market"]]},
  {"category": "stolen_goods", "code": "link", "kind": "text", "label": ["链接、卖家账号或店铺地址", "Link, seller's account or shop address"]},
  {"category": "stolen_goods", "code": "price_yuan", "kind": "number", "label": ["要价多少（元）？", "What do they ask (yuan)?"]},
  {"category": "stolen_goods", "code": "yours", "kind": "single", "label": ["是您自己被偷的东西吗？", "Is it your own stolen thing?"],
    "options": [["surely", "肯定是", "Yes, surely"], ["maybe", "像是", "Maybe"], ["no", "不是", "No"]]},

  {"category": "rental", "code": "problem", "kind": "single", "required": true, "label": ["是什么情况？", "What is the matter?"],
    "options": [["overcrowded", "群租、打隔断", "Overcrowded or partitioned"], ["unregistered", "租客没登记", "Tenants not registered"], ["day_rental", "日租房、民宿不查证件", "Day rental that checks no ID"], ["hotel", "旅馆不登记", "Hotel that registers nobody"], ["sublet", "二房东跑路", "Sub-landlord vanished"], ["deposit", "押金、租金纠纷", "Deposit or rent dispute"], ["eviction", "换锁、断水断电", "Locks changed, water or power cut"], ["other_problem", "别的", "Something else"]]},
  {"category": "rental", "code": "my_part", "kind": "single", "label": ["您是？", "Who are you?"],
    "options": [["tenant", "租客", "Tenant"], ["landlord", "房东", "Landlord"], ["neighbour", "邻居", "Neighbour"], ["agent", "中介、物业", "Agent or property office"]]},
  {"category": "rental", "code": "people", "kind": "number", "label": ["大概住着几个人？", "About how many people live there?"]},
  {"category": "rental", "code": "room", "kind": "text", "label": ["哪一栋、哪一户？", "Which building and flat?"]},

  {"category": "minors", "code": "concern", "kind": "single", "required": true, "label": ["您担心的是什么？", "What worries you?"],
    "options": [["bullying", "被欺负、被勒索", "Bullying or extortion"], ["abuse", "被打、被侵害", "Beaten or abused"], ["missing", "离家、失去联系", "Ran away or out of reach"], ["online", "网上有人纠缠、诱骗", "Someone online presses or lures"], ["selling", "向未成年人卖烟、酒、电子烟", "Tobacco, alcohol or vapes sold to minors"], ["venue", "网吧、旅馆、酒吧接待未成年人", "Internet café, hotel or bar takes minors"], ["school_gate", "校门口的人和车", "People or traffic at a school gate"], ["other_concern", "别的", "Something else"]]},
  {"category": "minors", "code": "safe_now", "kind": "single", "required": true, "label": ["孩子现在安全吗？", "Is the child safe now?"],
    "options": [["yes", "安全", "Yes"], ["no", "不安全", "No"], ["unknown", "不清楚", "I do not know"]]},
  {"category": "minors", "code": "age", "kind": "number", "label": ["孩子大约几岁？", "About how old is the child?"]},
  {"category": "minors", "code": "relation", "kind": "single", "label": ["您是？", "Who are you?"],
    "options": [["self", "我就是这个孩子", "I am that child"], ["parent", "家长、监护人", "Parent or guardian"], ["teacher", "老师、医生、社工", "Teacher, doctor, social worker"], ["friend", "同学、朋友", "Classmate or friend"], ["neighbour", "邻居、路人", "Neighbour or passer-by"]]},
  {"category": "minors", "code": "school", "kind": "text", "label": ["学校或地点（可以不写）", "School or place (you may leave this out)"]},

  {"category": "about_police", "code": "officer", "kind": "officer", "label": ["说的是哪位民警？", "Which officer is it about?"], "hint": ["选了以后，这位民警看不到这份反映。不知道可以不选", "Once chosen, this officer cannot see the report. Leave it empty if you do not know"]},
  {"category": "about_police", "code": "matter", "kind": "single", "required": true, "label": ["是什么事？", "What is it about?"],
    "options": [["delay", "拖着不办、没有回音", "Slow or no answer"], ["manner", "态度", "Manner"], ["procedure", "程序、手续", "Procedure"], ["force", "动手、强制措施", "Use of force"], ["favours", "吃拿卡要、徇私", "Asking for favours, bias"], ["praise", "表扬", "Praise"], ["other_matter", "别的", "Something else"]]},
  {"category": "about_police", "code": "earlier", "kind": "text", "label": ["和哪件事有关？（编号、回执或警号）", "Which case is it about (reference, paper or badge number)?"]},
  {"category": "about_police", "code": "wishes", "kind": "multi", "label": ["您希望怎样？", "What would you like?"],
    "options": [["explanation", "解释清楚", "An explanation"], ["redo", "重新办理", "Have it done again"], ["apology", "道歉", "An apology"], ["inquiry", "调查", "An inquiry"], ["know_only", "让领导知道就好", "That the station leader knows"]]},

  {"category": "other", "code": "topic", "kind": "single", "label": ["更像哪一种？", "Which comes closest?"],
    "options": [["question", "想问一件事", "A question"], ["tip", "提供线索", "Some information for you"], ["suggestion", "建议", "A suggestion"], ["help", "需要帮忙", "I need help"], ["thanks", "感谢", "Thanks"]]},
  {"category": "other", "code": "answer_wanted", "kind": "single", "label": ["需要我们回复吗？", "Would you like an answer?"],
    "options": [["yes", "需要", "Yes"], ["no", "不用，知道就好", "No, just so that you know"]]}
]$seed$) as (category text, code text, kind text, required boolean, label jsonb, hint jsonb, options jsonb)) with ordinality
  as q (category, code, kind, required, label, hint, options, ordinality)
on conflict (category_code, code) do update set
  kind = excluded.kind, is_required = excluded.is_required, position = excluded.position, label = excluded.label, hint = excluded.hint, options = excluded.options
where (kept.kind, kept.is_required, kept.position, kept.label, kept.hint, kept.options)
  is distinct from (excluded.kind, excluded.is_required, excluded.position, excluded.label, excluded.hint, excluded.options);
