import type { Story } from '../story.ts'

const anonymous = { mode: 'anonymous' } as const

/** Hexie: newer blocks, a start-up park, the lake side; and what came without a place. */
export const heXieStories: Story[] = [
  {
    category: 'theft', grid: 'HX-02', arrived: { daysAgo: 7, time: '18:40' }, happenedHoursBefore: 8, contact: { mode: 'named', name: '彭家辉', phone: '138 0000 0201' }, description: '下班回来发现阳台窗开着，卧室抽屉翻过，少了金项链和一台平板。我没有再碰别的东西，人在门口等。', answers: { stolen_from: 'home', things: '金项链一条约 12 克，平板电脑一台', value_yuan: '13500', way_in: 'climbed', camera: 'not_saved' },
    steps: [[0.3, 'triaged', '@theft-triaged'], [0.4, 'assign'], [1.2, 'in_progress', '现场看完了，窗台上提取到了痕迹。物业正在导出 9 点到 18 点的监控。'], [1.5, 'note', '二楼平台可攀至三户阳台，建议物业加装护栏。'], [90, 'message', '平板的串号能从盒子或账号里查到，麻烦发给我，我们登记到比对里。'], [93, 'reply', '查到了，已经写在附上的单据里。']],
  },
  {
    category: 'theft', grid: 'HX-05', arrived: { daysAgo: 19, time: '07:20' }, contact: { mode: 'named', name: 'Daniel Okafor', email: 'd.okafor@example.test' }, locale: 'en', description: 'My e-bike was taken from the shed at Donghu Flats overnight. The chain was cut. It has a yellow child seat at the back.', answers: { stolen_from: 'ebike', things: 'Black e-bike with a yellow child seat, plate number given on the receipt photo', value_yuan: '3200', way_in: 'forced', camera: 'saved' },
    steps: [[3, 'triaged', '@theft-triaged'], [28, 'in_progress', '@theft-in-progress-camera'], [300, 'closed:no_further_action', '@theft-closed-no-lead']],
  },
  {
    category: 'fire_hazard', grid: 'HX-06', arrived: { daysAgo: 9, time: '20:30' }, contact: anonymous, description: '和谐苑北区 5 号楼的消防栓箱里没有水带，灭火器的指针也到红区了，两个都是。', answers: { hazard: 'equipment', spot: '北区 5 号楼 6 到 8 层', told_property: 'refused', people_near: ['children'] },
    steps: [[13, 'triaged', '@fire-hazard-triaged'], [13.1, 'summary', '和谐苑北区 5 号楼消防器材缺失、失压，已要求物业补齐。'], [37, 'in_progress', '物业承认维保公司半年没来。新灭火器已经到位，水带在等货，我们每周看一次。']],
  },
  {
    category: 'fire_hazard', grid: 'HX-03', arrived: { daysAgo: 25, time: '12:15' }, contact: anonymous, description: '湖景花园大门上面那块招牌被风吹得歪了，螺丝只剩一边。', answers: { hazard: 'falling', spot: '湖景花园大门上方', told_property: 'waiting' },
    steps: [[2, 'triaged', '@fire-hazard-triaged'], [2.1, 'summary', '湖景花园大门上方招牌松动，已拉起警戒带。'], [5, 'resolved', '招牌已经拆下来了，等装牢了再挂回去。']],
  },
  {
    category: 'traffic', grid: 'HX-01', arrived: { daysAgo: 4, time: '08:10' }, contact: anonymous, description: '南湾广场路口的红绿灯，行人绿灯只有八秒，老人走到一半就红了。', answers: { problem: 'signal', how_often: 'daily', endangered: ['elders', 'children'] },
    steps: [[25, 'triaged', '@triaged-accepted'], [25.1, 'summary', '南湾广场路口行人绿灯时间偏短，已向交警反映。']],
  },
  {
    category: 'traffic', grid: 'HX-04', arrived: { daysAgo: 13, time: '18:50' }, contact: { mode: 'named', name: '曹小雨', phone: '138 0000 0219' }, description: '幼儿园门口的消防通道天天被同一辆车占着，贴条也不走。', answers: { problem: 'fire_lane', how_often: 'daily', endangered: ['children'], plate: '白色越野车，尾号 36' },
    steps: [[14, 'triaged', '@triaged-officer-named'], [39, 'resolved', '已经联系到车主，当场挪走，也说清楚了占用消防通道的后果。物业在地上重新画了线。']],
  },
  {
    category: 'noise_dispute', grid: 'HX-05', arrived: { daysAgo: 22, time: '22:05' }, contact: { mode: 'named', name: '葛阳', phone: '138 0000 0224' }, description: '隔壁合租的三个人经常半夜打游戏开语音，喊得整层都听见。', answers: { wants_mediation: 'yes', about: 'music', talked: 'no_use', times: ['night'] },
    steps: [[15, 'triaged', '@noise-dispute-triaged-mediation'], [60, 'in_progress', '@noise-dispute-in-progress-talked'], [240, 'closed:no_further_action', '@noise-dispute-closed-no-agreement']],
  },
  {
    category: 'noise_dispute', grid: 'HX-02', arrived: { daysAgo: 5, time: '07:30' }, contact: { mode: 'sealed', phone: '138 0000 0230' }, description: '对门养了两条大狗，从不牵绳，昨天扑到我孩子身上。说了几次，对方说“狗不咬人”。', answers: { wants_mediation: 'not_now', about: 'animals', talked: 'no_use', times: ['early', 'evening'] },
    steps: [[4, 'triaged', '@triaged-accepted'], [30, 'in_progress', '已经上门提醒：遛狗要牵绳，犬证也要办。对方答应了，这周再去看一次。']],
  },
  {
    category: 'fraud', grid: 'HX-07', arrived: { daysAgo: 10, time: '16:35' }, contact: { mode: 'named', name: '财务小谢', phone: '138 0000 0238' }, description: '公司群里“老板”让我马上付一笔货款，头像名字都一样，我付完才发现群是新建的。钱是下午三点五十转的。', answers: { paid: 'today', scam: 'acquaintance', amount_yuan: '86000', paid_by: ['bank'], their_numbers: '收款公司账户一个，群号已截图' },
    steps: [[0.1, 'triaged', '@fraud-triaged-stop-payment', 'lead'], [0.15, 'message', '请马上打开户行客服电话申请止付，同时带公章和转账回单过来，我们在所里等您。', 'lead'], [2, 'in_progress', '笔录已做，对方账户在转出前被止付，金额待银行确认。'], [2.3, 'assign'], [75, 'resolved', '银行确认 86,000 元全部止付，返还手续需要两到三周，所里会通知公司来办。']],
  },
  {
    category: 'fraud', arrived: { daysAgo: 12, time: '21:25' }, contact: { mode: 'sealed' }, description: '网上认识半年的“男朋友”说在国外做工程，让我帮他垫关税。我前后给了六万多。现在不敢跟家里说。', answers: { paid: 'earlier', scam: 'romance', amount_yuan: '62000', paid_by: ['bank', 'wechat'], their_numbers: '对方账号两个' },
    steps: [[2, 'triaged', '@fraud-triaged-stop-payment', 'lead'], [2.1, 'message', '这不怪您，他们是照着剧本来的。钱的事先做笔录；您可以指定时间，也可以由女民警接待。', 'lead'], [40, 'message', '@message-still-on-it', 'lead']],
  },
  {
    category: 'domestic_violence', grid: 'HX-04', arrived: { daysAgo: 16, time: '20:15' }, contact: anonymous, description: '楼上那户每隔几天就摔东西，今天听见小孩一直哭着喊“别打妈妈”。我不想让他们知道是谁说的。', answers: { harmed: 'neighbour', safe_now: 'no', children: 'yes', wishes: ['warn'] }, emergency: 'violence',
    steps: [[0.1, 'triaged', '@triaged-accepted', 'lead'], [0.4, 'in_progress', '民警已经上门，分开问了情况，孩子今晚和妈妈在外婆家。不会提到是谁反映的。', 'lead'], [45, 'message', '@domestic-violence-in-progress-warning', 'lead'], [46, 'note', '已出具告诫书，社区每周走访一次，学校老师知情。', 'lead']],
  },
  {
    category: 'lost_property', grid: 'HX-03', arrived: { daysAgo: 3, time: '15:45' }, contact: { mode: 'named', name: '潘老师', phone: '138 0000 0251' }, description: '在湖边散步丢了一只浅棕色的小狗，叫“豆包”，戴红色项圈，项圈上没有电话。', answers: { lost_or_found: 'lost', item: 'pet', marks: '浅棕色，左耳缺一个小口，红色项圈', way: '湖滨绿地，从东湖路入口进' },
    steps: [[1.5, 'triaged', '@triaged-officer-named'], [20, 'in_progress', '湖边的几个保安都看过照片了，昨天傍晚有人在东湖公寓附近见过。']],
  },
  {
    category: 'lost_property', grid: 'HX-05', arrived: { daysAgo: 27, time: '09:35' }, contact: { mode: 'named', name: '石磊', phone: '138 0000 0257' }, description: '身份证和驾照一起丢了，钱包是黑色的，里面没有现金。', answers: { lost_or_found: 'lost', item: 'id_card', marks: '黑色钱包', way: '东湖路到创业园，骑车' },
    steps: [[4, 'triaged', '@triaged-accepted'], [200, 'closed:no_further_action', '@lost-property-closed-not-found']],
  },
  {
    category: 'rental', grid: 'HX-05', arrived: { daysAgo: 18, time: '14:05' }, contact: anonymous, description: '东湖公寓好几间在做日租，拖箱子的人每天换，从来没见过登记。', answers: { problem: 'day_rental', my_part: 'neighbour', people: '8', room: '东湖公寓 2 号楼 904、906' },
    steps: [[20, 'triaged', '@triaged-officer-named'], [70, 'in_progress', '@rental-in-progress-visited']],
  },
  {
    category: 'stolen_goods', grid: 'HX-07', arrived: { daysAgo: 14, time: '10:55' }, contact: anonymous, description: '创业园后面的废品站这个月总有人夜里送成捆的电缆，剥皮的声音很大，看着不像正常回收的。', answers: { goods: 'metal', offered_where: 'shop', yours: 'no' },
    steps: [[6, 'triaged', '@triaged-accepted'], [8, 'in_progress', '@stolen-goods-in-progress'], [160, 'resolved', '@resolved-thanks']],
  },
  {
    category: 'minors', grid: 'HX-04', arrived: { daysAgo: 6, time: '19:30' }, contact: { mode: 'sealed', phone: '138 0000 0262', safeContact: '只打这个电话，别打家里的' }, description: '女儿初二，有个网上认识的人一直要她发照片，最近开始威胁说不发就告诉学校。她昨天才敢跟我讲。', answers: { concern: 'online', safe_now: 'yes', age: '14', relation: 'parent' },
    steps: [[0.2, 'triaged', '@minors-triaged', 'lead'], [0.4, 'message', '请先不要回复他，也不要删聊天记录，截图即可。孩子没有错，请替我们抱抱她。明天由专门的女民警和你们谈，时间您定。', 'lead'], [13, 'reply', '上午十点可以，在社区活动室。'], [64, 'in_progress', '对方的账号已经固定证据，案件由专门的小组在办。学校那边按您的意思没有通知。', 'lead']],
  },
  {
    category: 'suspicious', grid: 'HX-07', arrived: { daysAgo: 2, time: '23:20' }, contact: { mode: 'sealed', phone: '138 0000 0270' }, description: '创业园停车场有人拿着手电照车里面，一辆一辆看过去，看到我就往围墙那边走了。', answers: { still_there: 'no', seen: ['watching', 'handles'], appearance: '一个人，黑色连帽衫，背双肩包' },
    steps: [[0.4, 'open', undefined, 'lead'], [9, 'triaged', '@triaged-officer-named'], [9.2, 'in_progress', '@suspicious-in-progress-patrol']],
  },
  {
    category: 'traffic', grid: 'HX-06', arrived: { daysAgo: 21, time: '17:15' }, contact: { mode: 'named', name: '严伟', phone: '138 0000 0274' }, description: '中心路和和谐大道路口转弯的大货车盲区太大，前天蹭倒了一个骑车的，司机没停。', answers: { problem: 'hit_and_run', how_often: 'once', endangered: ['riders'] },
    steps: [[1, 'triaged', '@triaged-accepted'], [1.1, 'summary', '中心路和和谐大道路口转弯货车视线受阻，已转交警。'], [30, 'closed:referred', '@traffic-closed-traffic-police']],
  },
  {
    category: 'about_police', grid: 'HX-01', arrived: { daysAgo: 8, time: '11:20' }, contact: anonymous, description: '调解的时候民警一直帮着对方说话，话还没说完就让我签字。', answers: { matter: 'procedure', wishes: ['redo'] }, about: 'officer3',
    steps: [[3, 'triaged', '@about-police-triaged', 'chief'], [50, 'note', '调取调解室录像，约双方各谈一次。', 'chief']],
  },
  {
    category: 'other', arrived: { daysAgo: 15, time: '10:00' }, locale: 'en', channel: 'desk', contact: { mode: 'named', name: 'Marta Silva', phone: '138 0000 0288' }, description: 'At the counter: lost the receipt of an earlier report and wants to know how it stands. Identity checked, reference found, a new receipt handed over.', answers: { topic: 'question' },
    steps: [[0.2, 'triaged', '@triaged-accepted', 'lead'], [0.4, 'resolved', '@resolved-done', 'lead']],
  },
  {
    category: 'violence', grid: 'HX-01', arrived: { minutesAgo: 95 }, happenedHoursBefore: 1, contact: { mode: 'named', name: '尹建', phone: '138 0000 0295' }, description: '刚才在南湾广场停车，有个人说我占了他的位子，推了我一把，把我的手机摔了。人已经开车走了，我记下了车牌。', answers: { injured: 'no', weapon: 'none', known: 'no', appearance: '五十岁左右，光头，蓝色 T 恤，银色轿车' },
    steps: [[0.15, 'open', undefined, 'lead']],
  },
  { category: 'lost_property', grid: 'HX-02', arrived: { minutesAgo: 300 }, locale: 'en', contact: { mode: 'named', name: 'Aiko Mori', email: 'aiko.mori@example.test' }, description: 'Found a phone on the swings at Hexie South. It is locked and the battery is nearly empty. I can bring it in this afternoon.', answers: { lost_or_found: 'found', item: 'phone', marks: 'Black, cracked corner, sticker of a whale' } },
  { category: 'noise_dispute', grid: 'HX-06', arrived: { daysAgo: 5, time: '22:40' }, contact: { mode: 'named', account: 'resident2', name: '罗文娟' }, description: '楼下烧烤的烟和吵声一直到后半夜。算了，今天他们收摊了，先不麻烦你们。', answers: { wants_mediation: 'not_now', about: 'business', times: ['night'] },
    steps: [[10, 'withdraw']] },
]
