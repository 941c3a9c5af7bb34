import type { Story } from '../story.ts'

const anonymous = { mode: 'anonymous' } as const

/** Ping'an: an old street, a park, the canal. */
export const pingAnStories: Story[] = [
  {
    category: 'fire_hazard', grid: 'PA-05', arrived: { daysAgo: 3, time: '19:20' }, contact: { mode: 'named', account: 'resident', name: '林秀芬', phone: '138 0000 0021' },
    known: { reference: 'LL-DEM0-2026', receipt: 'DEM0DEM0DEM0DEM0DEM0DEM0' }, photo: 'stairwell', address: '平安里老街 14 号楼 2 单元一楼楼道',
    description: '一楼楼道里晚上有三辆电动车在充电，插线板是从窗户拉出来的。昨天夜里闻到一股焦味，我们家在四楼，老人腿脚不好，真有事跑不下去。跟物业说过两回，停了几天又照旧。',
    answers: { hazard: 'ebike_indoors', spot: '14 号楼 2 单元一楼楼道', told_property: 'waiting', people_near: ['elders', 'children'] },
    steps: [
      [0.7, 'open'], [14, 'triaged', '@fire-hazard-triaged'], [14.1, 'summary', '平安里老街 14 号楼楼道内电动车充电，已约物业一起查看。'], [14.2, 'assign'],
      [15, 'message', '林阿姨您好，我是社区民警陈志远。今天下午四点我和物业一起上门看，您不用在家等。那块插线板请先别去拔，等我们来。'],
      [16.5, 'reply', '好的，谢谢陈警官。他们一般八点以后才推进来，下午可能看不到车。'],
      [22, 'in_progress', '民警和物业看过了：插线板已经收走，和三位车主谈了话。车棚还差两个充电口，物业答应这周装好，之后我们晚上再来看。'],
      [22.2, 'note', '车主之一上夜班，回来时车棚没有空位。催物业把充电口装好是关键，光劝没用。'],
    ],
  },
  {
    category: 'theft', grid: 'PA-05', arrived: { daysAgo: 26, time: '07:55' }, happenedHoursBefore: 9, contact: { mode: 'named', account: 'resident', name: '林秀芬', phone: '138 0000 0021' },
    description: '停在楼下的电动车电瓶昨晚被人撬走了，座垫丢在花坛边。车是白色的，买了一年多。', answers: { stolen_from: 'vehicle', things: '电动车电瓶一组，60 伏，外壳有红色贴纸', value_yuan: '900', way_in: 'forced', camera: 'not_saved' },
    steps: [
      [1.2, 'triaged', '@theft-triaged'], [1.3, 'assign'], [3, 'in_progress', '@theft-in-progress-camera'],
      [3.5, 'message', '监控里能看到一个穿深色外套的人，推着三轮车。您还留着电瓶的发票或者保修卡吗？拍一张传上来就行。'], [9, 'reply', '找到了保修卡，编号最后四位是 7714。'],
      [170, 'resolved', '电瓶找到了，和另外三家的一起。编号对上了，请您带身份证来所里领。偷电瓶的人已经依法处理。'],
    ],
  },
  {
    category: 'noise_dispute', grid: 'PA-06', arrived: { daysAgo: 11, time: '23:10' }, contact: { mode: 'sealed', account: 'resident', safeContact: '晚上七点以后在这里留言就行' },
    description: '楼上几乎每天半夜十一二点拖椅子，还有小孩跑来跑去。我第二天要早起上班。去敲过一次门，人家说“孩子睡不着我有什么办法”，闹得不太愉快。不想把关系弄僵。',
    answers: { wants_mediation: 'yes', about: 'footsteps', talked: 'quarrel', times: ['night'], good_outcome: '十点半以后安静一点，椅子脚能不能套个垫子' },
    steps: [
      [11, 'triaged', '@noise-dispute-triaged-mediation'], [11.1, 'assign'], [44, 'in_progress', '和楼上谈过了。孩子最近换季咳嗽，夜里常醒，一家人也没睡好。他们愿意坐下来聊聊。'],
      [45, 'message', '周六上午十点在警务室，可以吗？我在，社区的调解员王阿姨也来。'], [56, 'reply', '可以的，谢谢。'],
      [140, 'resolved', '@noise-dispute-resolved-agreed'], [140.2, 'note', '约定：22:30 后不拖家具，椅脚套毛毡垫；楼下夜里有事先发微信。两周后回访一次。'],
    ],
  },
  {
    category: 'lost_property', grid: 'PA-07', arrived: { daysAgo: 1, time: '17:30' }, contact: { mode: 'named', account: 'volunteer', name: '孙大勇' },
    description: '巡逻时在公园长廊的凳子上捡到一串钥匙，六把，上面挂着一个小铜葫芦。已经交到平安里警务室了。', answers: { lost_or_found: 'found', item: 'keys', marks: '六把钥匙，小铜葫芦' },
    steps: [[0.5, 'triaged', '钥匙收到了，先放在警务室保管。谢谢孙师傅。']],
  },
  {
    category: 'traffic', grid: 'PA-04', arrived: { daysAgo: 6, time: '16:45' }, contact: anonymous, followers: 2, address: '学府街小学西门口',
    description: '放学那半个小时，小学西门口两边停满了车，中间只剩一条缝。孩子从车缝里往外钻，电动车又快，今天差一点就撞上了。', answers: { problem: 'school_gate', how_often: 'daily', endangered: ['children', 'riders'] },
    steps: [
      [15.2, 'triaged', '@triaged-accepted'], [15.3, 'summary', '学府街小学西门放学时段两侧停车，行人通道被挤占。已和学校约定增加护学力量。'],
      [40, 'in_progress', '这两天放学时段民警和护学岗在西门口，先请家长把车停到公园北侧。护栏的事已经和学校一起向道路管理部门提了。'],
    ],
  },
  {
    category: 'suspicious', grid: 'PA-01', arrived: { daysAgo: 9, time: '14:20' }, contact: { mode: 'sealed', phone: '138 0000 0033' }, isUnverified: true,
    description: '有个人自称燃气公司的，挨家敲门说要换软管，要现场交 280 块。没有工牌，穿的衣服也不像。我没开门，对门的奶奶好像让他进去了。', answers: { still_there: 'no', seen: ['posing'], appearance: '四十岁上下，灰夹克，背一个黑色工具包' },
    steps: [
      [0.6, 'release'], [0.7, 'triaged', '已经受理。民警正在过去，先去看您对门的老人家。'], [2, 'in_progress', '燃气公司确认今天没有派人。对门老人付了 280 元，民警已经帮她拍照登记、通知子女。小区各楼贴了提醒。'],
      [120, 'resolved', '人已经查到，是推销高价软管的，退还了老人的钱，并依法处理。谢谢您没有只是关上门。'],
    ],
  },
  {
    category: 'domestic_violence', grid: 'PA-03', arrived: { daysAgo: 8, time: '02:35' }, contact: { mode: 'sealed', safeContact: '只在这里回我，白天他上班的时候我会看' }, emergency: 'violence',
    description: '他喝了酒又动手，掐我的脖子，推到墙上，女儿在旁边哭。现在他睡着了。这不是第一次，去年冬天也有过。我不敢打电话，怕吵醒他。我想知道除了离婚还能怎么办。',
    answers: { harmed: 'me', safe_now: 'for_now', children: 'yes', safe_contact: '只在这里', wishes: ['order', 'injury', 'talk'] },
    steps: [
      [0.1, 'open', undefined, 'lead'], [0.15, 'triaged', '@domestic-violence-triaged', 'lead'], [0.2, 'message', '我是沈岚，女民警，今晚我值班。您和女儿现在在不同的房间吗？能锁门吗？如果他醒了再动手，请打 110 或发短信到 12110，写上“家暴”和门牌，我们马上到。', 'lead'],
      [0.4, 'reply', '在女儿房间，门锁上了。他睡得很沉。'], [7.5, 'message', '@domestic-violence-message-options', 'lead'], [9, 'reply', '想先验伤，然后了解保护令。他今天白班，八点到五点不在家。'],
      [9.3, 'in_progress', '约好今天上午由女民警陪您去医院验伤，再一起准备申请保护令的材料。时间地点只写在留言里。', 'lead'], [9.4, 'note', '上午十点在医院东门碰头，便服，不开警车。妇联同志一起。', 'lead'],
      [80, 'message', '法院已经作出人身安全保护令，社区和我们都收到了副本。备用钥匙和证件先放在您姐姐家。您随时可以在这里找我。', 'lead'],
    ],
  },
  {
    category: 'fraud', grid: 'PA-02', arrived: { daysAgo: 14, time: '15:05' }, happenedHoursBefore: 1, contact: { mode: 'named', name: '郭志强', phone: '138 0000 0047' },
    description: '接到电话说我买的商品有质量问题要三倍赔偿，让我下载一个会议软件共享屏幕，说是“理赔客服”。我按他说的操作，银行卡里两笔钱转走了。刚反应过来。',
    answers: { paid: 'today', scam: 'service', amount_yuan: '18600', paid_by: ['bank'], their_numbers: '自称工号 3071 的来电两个，会议软件号码已截图' },
    steps: [
      [0.15, 'triaged', '@fraud-triaged-stop-payment'], [0.2, 'message', '@fraud-message-statement'], [0.5, 'reply', '我现在就过来，大概半小时。'], [2, 'in_progress', '笔录做好了。第二笔 9,800 元已经止付，第一笔转走得早，正在追。请把那个会议软件卸载前先让我们看一眼。'],
      [2.1, 'note', '止付回执已入卷。受害人情绪低落，已请家属来接，提醒防二次诈骗。'], [260, 'message', '@message-still-on-it'],
    ],
  },
  {
    category: 'fire_hazard', grid: 'PA-08', arrived: { daysAgo: 18, time: '08:30' }, contact: anonymous, description: '北桥小区 3 号楼的安全出口被人用旧沙发和纸箱堵了一半，门也推不开。', answers: { hazard: 'exit_blocked', spot: '3 号楼东侧安全出口', told_property: 'no', people_near: ['none'] },
    steps: [[3, 'triaged', '@fire-hazard-triaged'], [3.1, 'summary', '北桥小区 3 号楼东侧安全出口堆放杂物。'], [29, 'resolved', '@fire-hazard-resolved']],
  },
  {
    category: 'about_police', grid: 'PA-05', arrived: { daysAgo: 5, time: '10:15' }, contact: { mode: 'sealed', account: 'resident' }, about: 'officer',
    description: '上个月去警务室问居住证，民警正在打电话，让我等了四十分钟，后来说“材料不全回去补”，也没说缺什么，我跑了三趟。人倒是不凶，就是没讲清楚。', answers: { matter: 'delay', wishes: ['explanation'] },
    steps: [[5, 'triaged', '@about-police-triaged', 'chief'], [5.2, 'note', '已调警务室当天接待记录，约当事民警说明情况。', 'chief']],
  },
  {
    category: 'rental', grid: 'PA-03', arrived: { daysAgo: 20, time: '20:40' }, contact: anonymous, description: '302 这套两居室隔成了七间，进进出出的人每周都不一样，半夜还有人拖箱子。楼道里全是外卖盒。', answers: { problem: 'overcrowded', my_part: 'neighbour', people: '14', room: '清河里 9 号楼 302' },
    steps: [[14, 'triaged', '@triaged-officer-named'], [62, 'in_progress', '@rental-in-progress-visited'], [400, 'resolved', '复查过了：隔断已经拆除，现在住着四个人，都登记了。']],
  },
  {
    category: 'noise_dispute', grid: 'PA-07', arrived: { daysAgo: 2, time: '06:40' }, contact: { mode: 'named', name: '吴桂英', phone: '138 0000 0059' }, description: '公园里跳早操的音响六点就开，隔着三栋楼都听得清。周末也不歇。大家都是老邻居，就是希望把声音调小点，七点以后再开。',
    answers: { wants_mediation: 'yes', about: 'dancing', talked: 'helped_briefly', times: ['early', 'weekend'], good_outcome: '七点以后开，音箱朝湖那边放' },
    steps: [[3, 'open'], [27, 'triaged', '@noise-dispute-triaged-mediation'], [27.1, 'assign']],
  },
  {
    category: 'minors', grid: 'PA-04', arrived: { daysAgo: 12, time: '12:50' }, contact: { mode: 'sealed', phone: '138 0000 0062', name: '某家长' }, description: '孩子六年级，最近回来总说肚子疼不想上学。今天才讲，有几个初中生在校门口小卖部后面拦他要钱，给过三次，一共八十块。',
    answers: { concern: 'bullying', safe_now: 'yes', age: '12', relation: 'parent', school: '学府街小学' },
    steps: [
      [0.2, 'triaged', '@minors-triaged', 'lead'], [1, 'message', '@minors-message-guardian', 'lead'], [3, 'reply', '周三下午可以，在社区活动室行吗？孩子不想去派出所。'], [3.2, 'message', '行，周三四点，活动室二楼。', 'lead'],
      [75, 'in_progress', '和孩子谈过了，他说得很清楚，也放松多了。已经联系那几个学生的学校和家长，放学时段校门口有人。', 'lead'], [190, 'resolved', '几个学生在家长陪同下道了歉，钱退回来了，学校会继续跟进。请再留意孩子两三个星期。', 'lead'],
    ],
  },
  {
    category: 'theft', grid: 'PA-06', arrived: { daysAgo: 4, time: '18:25' }, happenedHoursBefore: 5, contact: { mode: 'named', name: '韩梅', email: 'han.mei@example.test' }, description: '门口的快递被人拿走了，是给孩子买的学习机。快递员有放到门口的照片。', answers: { stolen_from: 'parcel', things: '学习机一台，未拆封', value_yuan: '2300', way_in: 'open', camera: 'saved' },
    steps: [[16, 'triaged', '@theft-triaged'], [16.2, 'assign'], [20, 'message', '@message-photos'], [26, 'reply', '电梯监控我已经拷下来了，在手机里，晚上送到警务室可以吗？']],
  },
  {
    category: 'drugs_gambling', grid: 'PA-02', arrived: { daysAgo: 16, time: '00:20' }, contact: anonymous, description: '南湾新村棋牌室二楼，每周四周五晚上门从里面反锁，窗帘拉着，能听到点钱的声音。有人输了在楼下哭。', answers: { kind_of_activity: 'gambling_place', known_from: 'heard', usual_times: '周四、周五 21 点到凌晨' },
    steps: [[9, 'triaged', '@drugs-gambling-triaged'], [230, 'resolved', '@resolved-thanks']],
  },
  {
    category: 'stolen_goods', grid: 'PA-01', arrived: { daysAgo: 22, time: '11:10' }, contact: { mode: 'named', name: '邱涛', phone: '138 0000 0078' }, description: '我上个月丢的折叠车，今天在二手平台上看到一辆一模一样的，车把上的划痕都一样，卖家就在本市。', answers: { goods: 'ebike', offered_where: 'platform', link: '平台商品编号已截图', price_yuan: '650', yours: 'surely' },
    steps: [[2, 'triaged', '@triaged-accepted'], [5, 'in_progress', '@stolen-goods-in-progress'], [150, 'resolved', '@theft-resolved-returned']],
  },
  {
    category: 'other', grid: 'PA-04', arrived: { daysAgo: 7, time: '09:00' }, locale: 'en', contact: { mode: 'named', name: 'Tom Becker', email: 'tom.becker@example.test' }, description: 'I moved into Huaihua Gardens last week. Do I have to register at the station myself, or does my landlord do it? My contract starts on the first.', answers: { topic: 'question', answer_wanted: 'yes' },
    steps: [[2, 'triaged', 'Thank you for asking. This is for us.'], [2.2, 'message', 'Welcome to Huaihua Gardens. Please come to the police office on Xuefu Street with your passport and the contract within 24 hours of moving in; your landlord can come along but need not. Reception is on the community page.'], [5, 'reply', 'Done this afternoon, it took ten minutes. Thank you!'], [6, 'resolved', '@resolved-done']],
  },
  { category: 'suspicious', grid: 'PA-06', arrived: { minutesAgo: 190 }, contact: anonymous, description: '河边停了两天的一辆灰色面包车，车窗贴得很黑，夜里有人上下。说不上哪里不对，就是有点怪。', answers: { still_there: 'yes', seen: ['vehicle'], plate: '灰色面包车，车牌被泥糊住了' } },
  { category: 'fire_hazard', grid: 'PA-02', arrived: { minutesAgo: 26 }, contact: anonymous, isUnverified: true, description: '路边井盖没了，放了个纸箱子在上面。天黑了看不见，骑车的会掉下去。', answers: { hazard: 'ground', spot: '南湾路和槐树巷路口往东二十米', told_property: 'no' } },
  { category: 'traffic', grid: 'PA-08', arrived: { daysAgo: 29, time: '22:30' }, contact: anonymous, description: '北环路晚上十点以后有人骑改装摩托来回炸街，整栋楼的车都报警。', answers: { problem: 'speeding', how_often: 'weekly', endangered: ['walkers'] },
    steps: [[11, 'triaged', '@triaged-accepted'], [11.1, 'summary', '北环路夜间改装摩托车噪音和超速。'], [60, 'closed:referred', '@traffic-closed-traffic-police']] },
]
