import type { Story } from '../story.ts'

const anonymous = { mode: 'anonymous' } as const

/** Changle: a market, old factory housing, the bus station. */
export const changLeStories: Story[] = [
  {
    category: 'theft', grid: 'CL-02', arrived: { daysAgo: 2, time: '08:50' }, happenedHoursBefore: 1, contact: { mode: 'named', account: 'resident2', name: '罗文娟', phone: '138 0000 0102' },
    description: '在长乐菜场买菜，付钱的时候发现布包被划开了，手机不见了。应该是在水产那一排人挤人的时候。', answers: { stolen_from: 'person', things: '手机一部，深蓝色，手机壳上有小猫', value_yuan: '2600', way_in: 'unknown', camera: 'not_saved' },
    steps: [
      [0.8, 'triaged', '@theft-triaged'], [0.9, 'assign'], [1, 'message', '罗女士，我是王晓燕。手机卡和支付先挂失了吗？方便的话把串号发给我，包装盒侧面有。'], [2.5, 'reply', '都挂失了，串号在盒子上找到了，照片今晚发。'],
      [6, 'in_progress', '@theft-in-progress-camera'],
    ],
  },
  {
    category: 'noise_dispute', grid: 'CL-06', arrived: { daysAgo: 17, time: '21:15' }, contact: { mode: 'named', account: 'resident2', name: '罗文娟', phone: '138 0000 0102' },
    description: '隔壁装修从早上七点敲到晚上八点，中午也不停，贴的告示上写的是十二点到两点休息。我妈妈刚出院，实在受不了。', answers: { wants_mediation: 'yes', about: 'building_work', talked: 'helped_briefly', times: ['noon', 'evening'], good_outcome: '中午停两个小时，晚上六点收工' },
    steps: [
      [12, 'triaged', '@noise-dispute-triaged-mediation'], [14, 'in_progress', '@noise-dispute-in-progress-talked'], [70, 'message', '这三天中午安静些了吗？'], [73, 'reply', '好多了，工头还来道了歉。谢谢王警官。'],
      [74, 'resolved', '装修方把施工时间重新贴在了门上：中午十二点到两点、晚上六点以后不施工。再有变化请告诉我们。'],
    ],
  },
  {
    category: 'other', grid: 'CL-04', arrived: { daysAgo: 10, time: '13:30' }, contact: { mode: 'sealed', account: 'resident2' }, description: '想问一下，老人一个人住，能不能登记一下，让社区民警有空时顺路看看？我在外地上班，不放心。', answers: { topic: 'help', answer_wanted: 'yes' },
    steps: [[3, 'triaged', '@triaged-accepted'], [3.2, 'message', '可以的。请留下老人的楼号和您希望我们什么时候去，我会和社区网格员一起排上。我们去之前会先给老人打电话，报警务室的号码，免得她担心。'], [29, 'reply', '长乐坊 6 号楼，每周二或周四上午都行。太感谢了。'], [98, 'resolved', '这周二去看过了，老人精神很好，还教我们认了几样药草。已经排进每月的走访。']],
  },
  {
    key: 'market-gas', category: 'fire_hazard', grid: 'CL-02', arrived: { daysAgo: 5, time: '10:05' }, contact: anonymous, followers: 1, address: '长乐菜场东门熟食摊', description: '菜场东门那排熟食摊把煤气罐放在通道边上，旁边就是炉子，管子都裂了。', answers: { hazard: 'gas', spot: '菜场东门，从外往里第三个摊位', told_property: 'waiting', people_near: ['elders'] },
    steps: [[0.6, 'triaged', '@fire-hazard-triaged'], [0.7, 'summary', '长乐菜场东门熟食摊气罐和软管存在隐患，已约市场方和消防查看。'], [5, 'in_progress', '市场方已经让三个摊位换了软管，气罐挪到了室外。消防的同志后天来看整排摊位。']],
  },
  {
    category: 'fire_hazard', grid: 'CL-02', arrived: { daysAgo: 4, time: '09:40' }, contact: { mode: 'named', name: '董师傅', phone: '138 0000 0115' }, description: '长乐菜场东门卖卤味的煤气罐太吓人了，就摆在人走的地方，闻着还有味。', answers: { hazard: 'gas', spot: '菜场东门', told_property: 'no', people_near: ['none'] },
    steps: [[1.5, 'merge', 'market-gas'], [1.6, 'message', '@closed-duplicate']],
  },
  {
    category: 'fraud', grid: 'CL-05', arrived: { daysAgo: 21, time: '19:30' }, contact: { mode: 'named', name: '邓丽萍', phone: '138 0000 0121' }, description: '群里有人拉我做“点赞任务”，前三次真的返了几十块，后来让垫资，说连单必须做完才能提现。我垫了四次，现在提不出来。', answers: { paid: 'earlier', scam: 'task', amount_yuan: '32000', paid_by: ['bank', 'alipay'], their_numbers: '群名和对方账号见截图，收款账户四个' },
    steps: [[0.4, 'triaged', '@fraud-triaged-stop-payment'], [0.5, 'message', '@fraud-message-statement'], [14, 'reply', '明天上午来。能不能别告诉我爱人？'], [14.5, 'message', '您自己决定告诉谁。来的时候找女民警也可以。'], [17, 'in_progress', '@fraud-in-progress'], [17.2, 'note', '四个收款账户已报止付，一个冻结余额 4,100 元。']],
  },
  {
    category: 'fraud', grid: 'CL-01', arrived: { daysAgo: 13, time: '10:20' }, contact: { mode: 'named', name: '方老师', phone: '138 0000 0126' }, description: '接到自称“公安局”的视频电话，穿着制服，说我名下的卡涉嫌洗钱，要我把钱转到安全账户核查。我觉得不对就挂了，没有转钱，但是把身份证号报给他了。', answers: { paid: 'codes_given', scam: 'authority', their_numbers: '来电号码已截图，开头是 00' },
    steps: [[0.9, 'triaged', '@fraud-triaged-no-loss'], [1, 'message', '您挂得对。公安机关不会视频办案，也没有安全账户。身份证号单独泄露风险不大，请留意近期的陌生短信，验证码不要给任何人。'], [30, 'resolved', '@resolved-thanks']],
  },
  {
    category: 'violence', grid: 'CL-07', arrived: { daysAgo: 15, time: '23:50' }, happenedHoursBefore: 0.5, contact: { mode: 'named', name: '马俊', phone: '138 0000 0133' }, emergency: 'violence', description: '在汽车站旁边吃夜宵，隔壁桌喝多了，因为一句话上来就打，用啤酒瓶砸了我朋友的头，流了很多血，救护车刚到。打人的往北环路跑了。',
    answers: { injured: 'hospital', weapon: 'object', known: 'no', appearance: '三个男的，二十多岁，一个穿白色背心，手臂上有纹身' },
    steps: [[0.08, 'triaged', '@violence-triaged', 'lead'], [0.3, 'in_progress', '民警已经到医院和夜宵店，店里的监控存下来了。', 'lead'], [0.5, 'assign', 'officer2', 'lead'], [62, 'resolved', '三名打人者已经到案。您的朋友出院后请来做伤情鉴定，需要带病历和费用单据。'], [62.5, 'note', '双方家属提出调解，伤情鉴定出来前不做。']],
  },
  {
    category: 'suspicious', grid: 'CL-06', arrived: { daysAgo: 19, time: '18:05' }, contact: anonymous, description: '有个小伙子在楼道里挨家拍门牌和猫眼，说是“测网速”。', answers: { still_there: 'no', seen: ['posing', 'marks'], appearance: '二十多岁，戴鸭舌帽' },
    steps: [[15, 'triaged', '@triaged-officer-named'], [44, 'resolved', '@suspicious-resolved-harmless']],
  },
  {
    category: 'rental', grid: 'CL-07', arrived: { daysAgo: 24, time: '16:00' }, contact: { mode: 'named', name: '余航', phone: '138 0000 0140' }, description: '租约到期两个月了，房东一直不退押金 3,000 元，说墙上有钉孔。入住时的视频我都有。', answers: { problem: 'deposit', my_part: 'tenant', room: '车站小区 2 号楼 1103' },
    steps: [[17, 'triaged', '@triaged-accepted'], [90, 'message', '和房东通过电话，他愿意退 2,000 元。您看能不能接受？不接受也没关系，可以去法院，小额案子不复杂。'], [95, 'reply', '还差一千，我想再争取一下。'], [118, 'closed:referred', '@closed-referred-court']],
  },
  {
    category: 'lost_property', grid: 'CL-07', arrived: { daysAgo: 6, time: '20:10' }, contact: { mode: 'named', name: 'Priya Nair', email: 'priya.nair@example.test' }, locale: 'en', description: 'I left a dark green backpack on the bench at Beihuan bus station around six. My passport is in the inner pocket.', answers: { lost_or_found: 'lost', item: 'bag', marks: 'Dark green, a keyring with a brass elephant', way: 'Bus 14 from the market, then the bench at stop 3' },
    steps: [[1, 'triaged', 'We have it. We are asking the bus company and looking at the camera at stop 3.'], [15, 'message', 'A driver has handed in a green backpack. Please come to the Changle police office on Zhongxin Road with something that shows who you are, and tell us one more thing that was inside.'], [17, 'reply', 'I can come at noon. Thank you so much!'], [20, 'resolved', 'The backpack is back with you, passport included. A driver had handed it in.']],
  },
  {
    category: 'traffic', grid: 'CL-02', arrived: { daysAgo: 8, time: '06:30' }, contact: anonymous, description: '菜场门口凌晨卸货的三轮车占了整条人行道，早上买菜的老人只能走到机动车道上。', answers: { problem: 'parking', how_often: 'daily', endangered: ['elders', 'walkers'] },
    steps: [[4, 'triaged', '@triaged-officer-named'], [4.2, 'summary', '长乐菜场门口清晨卸货车辆占用人行道，正与市场方商量卸货时间。'], [29, 'in_progress', '@traffic-in-progress']],
  },
  {
    category: 'traffic', grid: 'CL-03', arrived: { daysAgo: 23, time: '17:40' }, contact: anonymous, description: '水塔小区门口的路灯和减速带都坏了，晚上拐弯完全看不清。', answers: { problem: 'signal', how_often: 'daily', endangered: ['riders', 'walkers'] },
    steps: [[17, 'triaged', '@triaged-accepted'], [17.1, 'summary', '水塔小区门口路灯和减速带损坏，已转道路管理部门。'], [20, 'in_progress', '@traffic-in-progress'], [250, 'resolved', '路灯修好了，减速带也换了新的。']],
  },
  {
    category: 'drugs_gambling', grid: 'CL-01', arrived: { daysAgo: 27, time: '13:05' }, contact: { mode: 'sealed' }, description: '我弟弟一直在手机上赌球，欠了很多网贷，他自己想戒也戒不掉。有没有办法把那个平台封了？别抓他，求求你们。', answers: { kind_of_activity: 'gambling_online', known_from: 'involved', signs: '网址两个，已截图' },
    steps: [[5, 'triaged', '@drugs-gambling-triaged'], [6, 'message', '谢谢您愿意说。平台的线索我们往上报。您弟弟可以自己来谈谈，说清楚欠款和平台，对他只有好处；网贷先不要再借新的还旧的。'], [80, 'in_progress', '线索已经并入正在办理的案件。过程不便细说，请理解。']],
  },
  {
    category: 'minors', grid: 'CL-06', arrived: { daysAgo: 3, time: '21:05' }, contact: anonymous, description: '纺织中学后门的小店卖电子烟给穿校服的学生，五块钱一根散着卖。', answers: { concern: 'selling', safe_now: 'yes', age: '14', relation: 'neighbour', school: '纺织中学后门' },
    steps: [[0.2, 'open'], [11.5, 'triaged', '@minors-triaged'], [36, 'in_progress', '已经和烟草、市场监管的同志一起去看过那家店，货已经清点，后续由主管部门处理。']],
  },
  {
    category: 'about_police', grid: 'CL-04', arrived: { daysAgo: 25, time: '15:20' }, contact: { mode: 'named', name: '蔡奶奶的女儿', phone: '138 0000 0152' }, about: 'officer2', description: '我妈妈迷路了，是王警官下了班陪她走回家的，还把家里的燃气阀检查了一遍。妈妈不识字，让我一定写下来谢谢她。', answers: { matter: 'praise', wishes: ['know_only'] },
    steps: [[2, 'triaged', '@about-police-triaged', 'chief'], [26, 'resolved', '@about-police-resolved-praise', 'chief']],
  },
  {
    category: 'other', grid: 'CL-05', arrived: { daysAgo: 28, time: '11:45' }, contact: anonymous, description: '楼下的下水道反味好几天了，能不能来看看？', answers: { topic: 'help', answer_wanted: 'yes' },
    steps: [[4, 'closed:referred', '@other-closed-12345']],
  },
  {
    category: 'suspicious', grid: 'CL-03', arrived: { daysAgo: 1, time: '19:50' }, contact: { mode: 'sealed', account: 'banned' }, isHidden: true, description: '楼上那家人一看就不是好人，你们快去抓。', answers: { still_there: 'yes' },
  },
  {
    category: 'other', grid: 'CL-03', arrived: { daysAgo: 20, time: '03:12' }, contact: { mode: 'sealed', account: 'banned' }, description: '加微信领红包，专业办理各类证件，价格好商量。', answers: { topic: 'tip' },
    steps: [[6, 'closed:spam', '@closed-spam', 'lead']],
  },
  { category: 'noise_dispute', grid: 'CL-04', arrived: { minutesAgo: 640 }, contact: anonymous, isUnverified: true, description: '夜宵摊唱歌唱到一点多，音响对着居民楼。', answers: { wants_mediation: 'only_stop', about: 'business', times: ['night'] } },
]
