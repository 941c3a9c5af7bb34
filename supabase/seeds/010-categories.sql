-- The service list (PRODUCT §1). Run again at any time: a category that the station changed, added or removed at its desk is never touched.
-- What a station may decide for itself (order, retention, on or off) is set on the first run only; texts follow this file until the station changes one.
--
-- Public: traffic and fire_hazard only. They speak of things and places, and many neighbours mean the same one. Lost property is private:
-- a list of it tells a dishonest finder what to say. Noise and disputes are private: in one grid everybody would know who is meant.
-- Retention: as long as a case of this kind is usually asked about again; the station's own rules may be longer or shorter.
-- The most frequent first in each group. `description` is a few words: fifteen of them stand on one page of a phone, each on one line.
-- `guidance` has three lines: what to do now, what to keep, what happens next. [zh, en] everywhere.
select shipped from private.ship_categories($seed$[
  {
    "code": "theft", "group": "property", "visibility": "private", "urgency": "normal", "retention_days": 1095,
    "name": ["盗窃、入室行窃", "Theft or burglary"],
    "description": ["家里、车里、身上的东西被偷", "Taken from home, car or pocket"],
    "guidance": [
      "现在：小偷可能还在时不要进门，退到安全的地方打 110。门窗、抽屉、地面先不要碰、不要打扫，等民警来看。银行卡、手机卡被偷，先打银行和运营商的电话挂失。\n请保留：站在门口拍的照片、发票、手机串号、电动车的车架号和号牌。请物业或邻居先把监控存下来，很多录像只保留 7 到 30 天。\n接下来：民警会先看现场和监控，需要补充时会在这里给您写信。找回东西不一定很快，有进展会写在进度页上。",
      "Now: if the thief may still be inside, do not go in. Go somewhere safe and call 110. Do not touch or tidy doors, windows, drawers or floors until an officer has looked. If cards or a SIM were taken, call the bank and the phone company and have them blocked.\nKeep: photos taken from the doorway, receipts, the phone's IMEI, the frame and plate number of an e-bike. Ask the property office or neighbours to save camera footage: much of it is erased after 7 to 30 days.\nNext: officers look at the scene and the cameras first and will write to you here if they need more. Getting things back can take time; news will be on your tracking page."
    ]
  },
  {
    "code": "fraud", "group": "property", "visibility": "private", "urgency": "normal", "retention_days": 1825,
    "name": ["诈骗", "Fraud or scam"],
    "description": ["可疑电话、链接，被骗转账", "A false call or link, money sent"],
    "guidance": [
      "现在：马上停止转账，不要再说验证码，退出屏幕共享。已经转账的，越快越好：打 110（占线就打 96110），同时打银行或支付平台的客服申请止付。公安机关没有“安全账户”，也不会在电话里要您转钱。\n请保留：转账记录、对方的账号和电话、聊天记录、链接和 App。先截图，不要删，也不要再和对方争辩。\n接下来：转过钱的，请带身份证和转账记录到派出所做笔录，立案需要它。96110 打来的电话请接听。钱能不能追回要看止付是否及时，我们会如实告诉您进展。",
      "Now: stop every transfer, give no more codes, end any screen sharing. If money has left, every minute counts: call 110, or 96110 if it is busy, and ask your bank or payment app to stop the payment. The police have no \"safe account\" and never ask for money on the phone.\nKeep: transfer records, the other side's account and phone numbers, chats, links and apps. Take screenshots, delete nothing, do not argue with them any further.\nNext: if you paid, bring your ID card and the transfer records to the station for a statement; a case cannot be opened without it. Answer calls from 96110. Whether money can be recovered depends on how early it was stopped; we will tell you honestly how it stands."
    ]
  },
  {
    "code": "violence", "group": "people", "visibility": "private", "urgency": "urgent", "retention_days": 1825,
    "name": ["抢劫、打人、威胁", "Robbery, assault or threats"],
    "description": ["被抢、被打、被威胁、被跟踪", "Robbed, hit, threatened or followed"],
    "guidance": [
      "现在：先到人多、有灯、能关门的地方，打 110；有人受伤打 120。东西可以给，不要追，不要动手。\n请保留：被打时穿的衣服先不要洗，伤处拍照，看病的病历和票据留好。记下对方的身高、衣着、口音、往哪个方向走。\n接下来：受伤的，民警会告诉您怎样做伤情鉴定。有人威胁您不要报警，也请告诉我们，可以选择匿名或身份密封。",
      "Now: go where there are people, light and a door you can close. Call 110, and 120 if anyone is hurt. Let things go; do not chase, do not fight.\nKeep: do not wash the clothes you wore. Photograph injuries and keep medical records and bills. Note height, clothes, accent and which way they went.\nNext: if you are hurt, an officer will explain how the injury is assessed officially. If someone told you not to report, tell us that too; you may stay anonymous or have your identity sealed."
    ]
  },
  {
    "code": "domestic_violence", "group": "people", "visibility": "private", "urgency": "urgent", "retention_days": 1825,
    "name": ["家庭暴力", "Violence at home"],
    "description": ["家人、伴侣、前任打骂或控制", "By a relative, partner or ex"],
    "guidance": [
      "现在：正在发生就打 110；不方便说话，可以发短信到 12110（很多地方要在后面加上本地区号的后三位），写清地址和“家暴”。能离开就先离开，带上身份证、手机、药和孩子。离厨房远一点，不要把自己关在没有出口的房间。这不是“家务事”，也不是您的错。\n请保留：伤处和现场的照片、病历、对方的道歉或威胁信息，存在对方拿不到的地方。点页面上方的“离开本页”可以马上离开，但浏览记录不会自动消失。\n接下来：除非您告诉我们怎样联系才安全，我们只在这里给您回话，不打电话、不上门找您。民警可以向施暴的人出具告诫书；您也可以向法院申请人身安全保护令，不用先离婚，一般 72 小时内作出决定，情况紧急的 24 小时内。妇女维权热线 12338，法律援助 12348。",
      "Now: if it is happening, call 110. If you cannot speak, text 12110 (in many places followed by the last three digits of the area code) with the address and the words \"domestic violence\". Leave if you can, with ID, phone, medicine and children. Stay away from the kitchen and from rooms without a second way out. This is not a \"private matter\" and not your fault.\nKeep: photos of injuries and rooms, medical records, messages with apologies or threats, somewhere the other person cannot reach. \"Exit this page\" at the top leaves at once, but the browser's history stays.\nNext: unless you tell us a safe way to reach you, we answer only here: no call, no visit to you. The police can give the violent person a written warning. You can also ask the court for a protection order, without a divorce; it usually decides within 72 hours, in urgent cases within 24. Women's hotline 12338, legal aid 12348."
    ]
  },
  {
    "code": "noise_dispute", "group": "neighbourhood", "visibility": "private", "urgency": "normal", "retention_days": 365,
    "name": ["噪音、邻里纠纷（可调解）", "Noise or neighbours (mediation)"],
    "description": ["楼上吵、装修、狗叫、停车、漏水", "Upstairs, dogs, parking, leaks"],
    "guidance": [
      "现在：正在气头上，先不要上门。快要动手了，打 110。工地和商铺的噪音也可以打 12345。\n请保留：记下哪天几点、吵了多久，录一小段声音。先前怎样沟通过、对方怎样说，也请写上。\n接下来：愿意调解的，社区民警会分别听双方说，再约一个都方便的时间。调解自愿、不收费，随时可以不谈。没有您同意，我们不会告诉对方是谁反映的。",
      "Now: while tempers are high, do not go and knock. If it is about to come to blows, call 110. Building sites and shops can also be reported to 12345.\nKeep: the days and hours, how long it lasted, a short recording. Write down how you have talked about it and what was said.\nNext: if you want mediation, the community officer hears each side alone and then finds a time that suits both. Mediation is voluntary and free, and you can stop at any point. We do not tell the other side who wrote without your consent."
    ]
  },
  {
    "code": "suspicious", "group": "neighbourhood", "visibility": "private", "urgency": "normal", "retention_days": 365,
    "name": ["可疑的人或车", "Suspicious person or vehicle"],
    "description": ["试门把手、做记号、冒充工作人员", "Trying doors, posing as staff"],
    "guidance": [
      "现在：不要上前盘问，不要跟踪。有人正在撬门、翻窗，打 110。陌生人自称燃气、社区或民警，可以隔着门请他报单位，再打公开电话核实。\n请保留：时间、地点、衣着、车牌、往哪里走。安全时可以远远拍一张，不要发到群里，看错了会伤害别人。\n接下来：社区民警会核对附近的监控和警情，安排巡逻时多留意。很多事最后是虚惊一场，您说一声仍然有用。",
      "Now: do not question or follow anyone. If someone is forcing a door or window, call 110. If a stranger says they come from the gas company, the community or the police, ask through the closed door where they work and check on a public number.\nKeep: time, place, clothes, number plate, direction. If it is safe, one photo from far away. Do not post it in chat groups: a mistake hurts people.\nNext: your community officer compares it with cameras and other reports and asks patrols to look. Much of it turns out harmless; telling us is still useful."
    ]
  },
  {
    "code": "drugs_gambling", "group": "neighbourhood", "visibility": "private", "urgency": "normal", "retention_days": 1095,
    "name": ["毒品、赌博、卖淫", "Drugs, gambling or prostitution"],
    "description": ["吸毒贩毒、赌博窝点、网络赌博", "Dealing, gambling dens or sites"],
    "guidance": [
      "现在：不要自己去看、去拍、去试，也不要告诉对方有人举报。有人吸毒后失控、有人受伤，打 110 和 120。\n请保留：您本来就知道的：地点、时间规律、车牌、网址、收款账号。不需要为举报去冒险多打听。\n接下来：这类线索核查需要时间，为了安全，很多细节不能写在进度页上，请谅解。您可以匿名；除法律要求外，我们不会告诉对方是谁反映的。",
      "Now: do not go and look, film or try anything, and do not let them know. If someone is out of control or hurt, call 110 and 120.\nKeep: what you know already: place, usual times, number plates, web addresses, accounts that receive money. Take no risk to find out more.\nNext: checking takes time, and for safety much of it cannot be shown on your tracking page. You may stay anonymous; unless the law requires it we do not tell the other side who wrote."
    ]
  },
  {
    "code": "traffic", "group": "hazards", "visibility": "public", "urgency": "normal", "retention_days": 365,
    "name": ["交通问题", "Traffic problem"],
    "description": ["乱停车、飙车、信号灯坏了", "Bad parking, speeding, broken lights"],
    "guidance": [
      "现在：有人受伤，打 120 和 122，不要移动伤者。没人受伤、车还能动：开双闪，拍好照片，把车挪到路边再商量。\n请保留：拍到车牌和周围参照物的照片、行车记录仪录像，记下时间。拍照时站在安全的地方。\n接下来：民警会看是现场劝导、交给交警，还是请道路管理部门修。核实后，这里可能出现一句由民警写的简要说明，邻居可以一起关注；不会出现您的文字和照片。",
      "Now: if someone is hurt, call 120 and 122 and do not move them. Nobody hurt and the car still moves: hazard lights on, take photos, move to the side and talk there.\nKeep: photos with the number plate and something that shows the place, dashcam video, the time. Stand somewhere safe.\nNext: the officer decides whether to speak to people on the spot, pass it to the traffic police, or ask the road authority to repair. After a check a short line written by the desk may be shown so that neighbours can follow it; never your text or photos."
    ]
  },
  {
    "code": "fire_hazard", "group": "hazards", "visibility": "public", "urgency": "normal", "retention_days": 365,
    "name": ["火灾和安全隐患", "Fire risk or other hazard"],
    "description": ["电动车进楼、通道堵塞、燃气味", "E-bikes indoors, blocked exits, gas"],
    "guidance": [
      "现在：已经着火，离开后打 119，不坐电梯，出门随手关门。闻到燃气味：不开关电器，不在屋里打电话，开窗、关阀、出去，到室外再打燃气公司或 119。\n请保留：在安全的地方拍一张照片，写清楼栋、单元、楼层。跟物业说过的，写上哪天说的。\n接下来：民警会联系物业、社区或消防一起看。核实后，这里可能出现一句由民警写的简要说明，邻居可以一起关注；不会出现您的文字和照片。",
      "Now: if there is a fire, get out, then call 119. No lifts; close doors behind you. Smell of gas: touch no switches, make no call indoors, open windows, close the valve, go out and call the gas company or 119 from outside.\nKeep: one photo from a safe place, with building, entrance and floor. If you told the property office, write when.\nNext: the officer looks at it together with the property office, the community or the fire service. After a check a short line written by the desk may be shown so that neighbours can follow it; never your text or photos."
    ]
  },
  {
    "code": "lost_property", "group": "property", "visibility": "private", "urgency": "normal", "retention_days": 180,
    "name": ["丢了或捡到东西", "Lost or found something"],
    "description": ["证件、手机、钥匙、宠物", "ID, phone, keys, pet"],
    "guidance": [
      "现在：身份证丢了，尽快到派出所或网上办理挂失补领。手机、银行卡丢了，先打运营商和银行挂失，再用“查找手机”锁定。老人或孩子走失不属于这里，请马上打 110，不用等 24 小时。\n请保留：只有失主才知道的特征，比如划痕、挂件、里面放了什么。捡到的东西不要在群里晒细节，免得被人冒领。\n接下来：有人交来相符的东西，我们会在这里写信给您，请您带证件来认领。",
      "Now: if your ID card is lost, report the loss and apply for a new one at a station or online soon. Phone or bank card: call the phone company and the bank first, then lock the phone from another device. A missing old person or child does not belong here: call 110 at once, there is no 24-hour wait.\nKeep: marks that only the owner knows: a scratch, a key ring, what was inside. If you found something, do not post details in chat groups, or the wrong person may claim it.\nNext: if something that fits is handed in, we write to you here and ask you to come with your ID."
    ]
  },
  {
    "code": "stolen_goods", "group": "property", "visibility": "private", "urgency": "normal", "retention_days": 730,
    "name": ["有人在卖赃物", "Stolen goods for sale"],
    "description": ["来路不明的低价手机、电动车", "Phones or e-bikes sold too cheaply"],
    "guidance": [
      "现在：不要买，不要约卖家见面，也不要说要报警。看到的是自己的东西也一样，请交给我们去核实。\n请保留：商品链接、卖家账号、价格、照片截图，店铺地址和时间。自己的东西请附发票、编号或有特征的旧照片。\n接下来：民警会核对报案记录和物品编号。如果是您的，会通知您带证据来辨认。",
      "Now: do not buy it, do not meet the seller, do not say that you will report. The same if it is yours: leave the checking to us.\nKeep: the link, the seller's account, the price, screenshots, the shop's address and the time. If it is yours, add a receipt, the serial number or an old photo that shows a mark.\nNext: officers compare serial numbers with reported thefts. If it seems to be yours we ask you to come and identify it."
    ]
  },
  {
    "code": "rental", "group": "neighbourhood", "visibility": "private", "urgency": "normal", "retention_days": 365,
    "name": ["出租房、旅馆、日租房", "Rented rooms and lodging"],
    "description": ["群租、不登记、二房东、押金纠纷", "Overcrowded, unregistered, deposits"],
    "guidance": [
      "现在：房里有人打斗、有燃气味或明火，打 110 或 119。换锁、断水断电闹起来时，先离开，别动手。\n请保留：合同、转账和押金收据、聊天记录，房间号和大概住几个人。\n接下来：人员登记和安全问题由社区民警上门看。押金、租金属于民事纠纷，民警可以帮助调解，调解不成可以向法院起诉；法律咨询电话 12348。",
      "Now: if there is fighting, a smell of gas or fire, call 110 or 119. If locks are changed or power is cut and tempers rise, leave first and do not fight.\nKeep: contract, payment and deposit receipts, chats, the flat's number and about how many people live there.\nNext: the community officer visits about registration and safety. Rent and deposit are civil disputes: the officer can help to mediate, otherwise the court decides. Legal advice: 12348."
    ]
  },
  {
    "code": "minors", "group": "people", "visibility": "private", "urgency": "urgent", "retention_days": 1825,
    "name": ["未成年人和校园周边", "Children, teenagers and schools"],
    "description": ["欺凌、侵害、离家、校门口的安全", "Bullying, abuse, running away"],
    "guidance": [
      "现在：孩子有危险或找不到了，马上打 110，不用等。陪着孩子，告诉他“不是你的错”；不要反复追问细节，留给受过训练的民警来问，一次问清。\n请保留：聊天记录和转账先截图，不要删；受伤时穿的衣服不要洗，尽快去医院。不要把孩子的名字和照片发到群里。\n接下来：由专门的民警看，必要时会和监护人、学校一起商量。孩子自己也可以在这里说。青少年服务热线 12355。",
      "Now: if a child is in danger or missing, call 110 at once; there is no waiting time. Stay with the child and say \"it is not your fault\". Do not ask for details again and again: a trained officer will ask once.\nKeep: screenshots of chats and payments, delete nothing; do not wash clothes worn when hurt, see a doctor soon. Do not post the child's name or picture in groups.\nNext: a specialised officer reads it and, where needed, talks with guardians and the school. Children may write here themselves. Youth hotline 12355."
    ]
  },
  {
    "code": "about_police", "group": "other", "visibility": "private", "urgency": "normal", "retention_days": 1095,
    "name": ["对民警的意见或表扬", "About the police"],
    "description": ["意见、投诉、表扬都可以", "Complaint, suggestion or praise"],
    "guidance": [
      "现在：按您亲眼看到、亲耳听到的写就好，不需要懂法律条文。\n请保留：时间、地点、警号或姓名、回执单、当时在场的人。不知道警号也可以写。\n接下来：只有所长和督察能看到，您提到的人看不到。您也可以直接拨打 12389（公安机关举报电话），随时可以，不影响在这里的处理。",
      "Now: write what you saw and heard yourself. You need not know the law.\nKeep: time, place, badge number or name, papers you were given, who else was there. It is fine not to know the number.\nNext: only the station leader and the auditor can read it; whoever you name cannot. You can also call 12389, the national line for complaints about the police, at any time, without harm to what happens here."
    ]
  },
  {
    "code": "other", "group": "other", "visibility": "private", "urgency": "normal", "retention_days": 365,
    "name": ["其他事情", "Something else"],
    "description": ["不知道选哪一类，就选这里", "Choose this if you are not sure"],
    "guidance": [
      "现在：有人有危险，打 110；水电、供暖、市容这些事，打 12345 更快。\n请保留：跟这件事有关的照片、单据、时间。\n接下来：值班民警看过后会归到合适的类别，不归公安管的，会告诉您该找谁。",
      "Now: if anyone is in danger, call 110. Water, power, heating or street cleaning: 12345 is quicker.\nKeep: photos, papers and times that belong to it.\nNext: the officer on duty puts it where it belongs. If it is not a matter for the police, we tell you who to turn to."
    ]
  }
]$seed$::jsonb) shipped;
