import type { DangerRule, EmergencyRules } from './emergency-rules.ts'

const attacks = 'hit|beat|punch|kick|stab|strangle|attack|hurt|slap|bite|glass|shove|assault|batter|abuse|grope|rape|shoot|cut|push|choke|jump|headbutt|whip|cane|burn|drag|thump|knock|throw|smack|scratch|spit|molest|kidnap'
const people = 'me|us|him|her|them|people|person|woman|women|man|men|boy|girl|kid|child|children|baby|mum|dad|wife|husband|brother|sister|friend|grandma|grandpa|'
  + 'someone|everyone|guy|student|worker|son|daughter|neighbour|girlfriend|staff|nurse|driver|old man|mate|partner|pupil|schoolgirl|teacher|cashier|granny|lady|elderly|passenger|neighbours|classmate|colleague|niece|nephew|cousin|aunt|uncle|head|face'
const family = 'mum|dad|wife|husband|grandma|grandpa|friend|baby|son|daughter|child|kid|brother|sister|he|she|someone|man|woman|person|people|worker|guy|girl|boy|lady|patient|driver|rider|colleague|roofer|neighbour|partner|toddler|workmate|mate|stranger|colleague|classmate|niece|nephew|aunt|uncle'
const child = 'niece|nephew|cousin|grandchild|son|daughter|child|kid|boy|girl|baby|children|toddler|little boy|little girl|brother|sister|year old'
const elder = 'mum|dad|grandma|grandpa|old man|old woman|elderly|uncle|aunt|husband|wife|alzheimers|dementia'
const weapons = 'knife|gun|machete|axe|hammer|sword|bat|iron bar|metal bar|weapon|pistol|rifle|blade|stick|bottle|screwdriver|crowbar|cleaver|knives|scissors|belt|chain|brick|spade|cane|pipe|crossbow|razor'
/** Also places and furniture: "at the club" is no weapon. */
const bludgeons = 'club|chair'
const home = 'door|window|house|flat|home|apartment|room|lock|gate|balcony'

const police: DangerRule[] = [
  { kind: 'violence', parts: [attacks, people], within: 5 },
  { kind: 'violence', parts: [people + '|i|he|she|was|get|got|being', 'stab|strangle|beaten up|glassed|raped|assaulted|attacked'], within: 5 },
  { kind: 'violence', parts: ['he|she|they|husband|wife|boyfriend|girlfriend|ex|dad|man|men|boss|guy|someone|son', attacks, 'me|us|mum|her|him|friend|brother|child|again'], within: 12 },
  { kind: 'violence', parts: ['being|get|got|someone|he|she', 'beaten|beat', '$|up|in|by|outside|now|on'], within: 6 },
  { kind: 'violence', parts: ['will|going to|want to|try to|threaten to|says|say he|come and|about to|try', 'kill|murder|shoot|stab|hurt|rape|beat', 'me|us|her|him|them|everyone|people|all|mum|my'], within: 9 },
  { kind: 'violence', parts: ['he|she|they|someone|husband|man', 'kill me|kill us|kill her|kill him'], within: 6 },
  { kind: 'violence', parts: ['have|with|hold|at|point|pull|wave|swing|carry|pick up|grab|use|got|point', weapons], within: 6 },
  { kind: 'violence', parts: ['have|with|hold|swing|pick up|grab|use', bludgeons], within: 4 },
  { kind: 'violence', parts: ['dont hit me|dont hurt me|dont kill me|stop hit|stop beat|stop hurt|gunshot|gunshots|gunfire|shots fired|shoot at|there shoot|bomb in|there bomb|bomb threat|rape a|rape|raped|'
    + 'dont shoot|get physical|bit physical|he violent|she violent|and violent|become violent|domestic violence happening|someone got stabbed|poured petrol|pour petrol|throw acid|stabbing|knife attack'] },
  { kind: 'violence', parts: ['there|they|men|people|two|group|drunk|gang|big|start|started|drivers|guys|couple', 'fight|brawl'], within: 7 },
  { kind: 'violence', parts: ['^fight', 'street|outside|people|bar|pub|now'], within: 8, acrossClauses: true },
  { kind: 'violence', parts: ['scream', 'smash|hit|beat|next door|help|bang'], within: 14, inOrder: false, acrossClauses: true },
  { kind: 'violence', parts: ['touch me|grope me|undress me|force himself', 'stop|cannot|wont|someone|he|man'], within: 10, inOrder: false },
  { kind: 'violence', parts: ['smash|break|throw', 'everything|things|plates|furniture|stuff', 'threaten|scare|scared|drunk|hit|scream'], within: 16, inOrder: false },
  { kind: 'violence', parts: ['threaten', 'me|us|her|him|kill|knife|hammer'], within: 6 },
  { kind: 'violence', parts: ['he|she|they|ex|husband|man', 'hit|beat|punch|slap|kick', 'me|us|$'], within: 6 },

  { kind: 'violence', parts: ['hand|hands|arm|rope|cord', 'round|around|on', 'throat|neck'], within: 6 },
  { kind: 'violence', parts: ['at me with|at us with|at her with|at him with|finish me|finish me off|come at me|coming at me|throw me against|throw her against|throw me across|against the wall and'] },
  { kind: 'violence', parts: ['smash|break|hit', 'over my head|over his head|over her head|on my head|in my face'], within: 5 },
  { kind: 'violence', parts: ['chase', people, `${weapons}|${bludgeons}`], within: 9 },
  { kind: 'violence', parts: ['drink|drunk|drinking', 'lock door|lock us|not leave|not leaving|wont let|break|shout|scream'], within: 16, acrossClauses: true },
  { kind: 'violence', parts: ['stop', 'punch|hit|kick|beat|bang|hurt'], within: 4 },
  { kind: 'violence', parts: ['dad|he|mum|husband|partner|teacher|she', 'belt|cane|whip', 'again|blood|bleed|scream|cry|out'], within: 10 },
  { kind: 'robbery', parts: ['make me|made me|force me|told me to|forced me', 'hand over|give him|give them|pay|transfer|withdraw'], within: 6 },
  { kind: 'robbery', parts: ['being mugged|being rob|mug me|rob me|rob us|getting mugged|got mugged|was robbed|robbing|rob the|mugged|robbed|armed robbery|hold up'] },
  { kind: 'robbery', parts: ['snatch|grab|took|rip', 'bag|purse|phone|necklace|handbag|wallet'], within: 6 },
  { kind: 'robbery', parts: ['knife|knives|gun|weapon|men|man', 'want|demand|asking for|give', 'money|wallet|phone|cash'], within: 10 },

  { kind: 'break_in', parts: ['break in|breaking in|break into|broke in|broke into|broken into|burglar in|burglars in|burglar downstairs|intruder|there burglar|burglar outside|burglar at|burglar here|burglar now|burglars now|home invasion|kick my door|kick door down|break down door|break down my door|breaking down my door|breaking down the door|breaking down door|break my door|break down the door|break the door'] },
  { kind: 'break_in', parts: ['climb|sneak|come|get', 'in through|through|into', 'window|balcony|door|house|flat'], within: 9 },
  { kind: 'break_in', parts: ['bang on|kick|pound on|hammer on|smash|force|kick in|pick|bash', home], within: 7 },
  { kind: 'break_in', parts: ['try|trying', 'open|get in|come in|get into|break', home + '|$'], within: 10 },
  { kind: 'break_in', parts: ['someone|stranger|man|thief|thieves|person|burglar|he|people', 'in my|inside my|in our|inside our|inside the|in the', 'house|flat|home|room|apartment|kitchen|garden shed'], within: 9 },
  { kind: 'break_in', parts: ['hear', 'someone|footsteps|noise', 'inside|downstairs|in the house|in my'], within: 10 },

  { kind: 'break_in', parts: ['pick|drill|cut|tamper', 'lock|my lock|door lock'], within: 4 },
  { kind: 'break_in', parts: ['hear|heard', 'footsteps|someone|noise|voices', 'living room|alone|kitchen|hall|attic|stairs'], within: 14 },
  { kind: 'break_in', parts: ['crawl|squeeze|jump|get|got|went', 'through', 'window|back door|balcony'], within: 7 },
  { kind: 'break_in', parts: ['footsteps|torchlight|torch|flashlight|shadow|someone moving|voices', 'downstairs|upstairs|inside|in the house|in my|in the hall|in the attic'], within: 8, inOrder: false },
  { kind: 'break_in', parts: ['man|someone|stranger|figure|people', 'try', 'door|window|lock|gate|handle|handles'], within: 10 },
  { kind: 'stalking', parts: ['behind me ever since|behind me since|still behind me|come after me|tailing me|after me now'] },
  { kind: 'stalking', parts: ['stops when i stop|stop when i stop|he behind me|man behind me|walks when i walk'] },
  { kind: 'stalking', parts: ['hide', 'shop|from him|toilet|bathroom|cupboard|wardrobe|under|closet'], within: 5 },
  { kind: 'stalking', parts: ['follow me|follow us|being follow|stalk me|stalking me|followed me|chase me|chase us|chasing me|follow her'] },
  { kind: 'stalking', parts: ['wait|stand|hang|sit', 'outside', 'scared|afraid|frightened|terrified'], within: 16, acrossClauses: true },

  { kind: 'abduction', parts: ['kidnap|abduct|held hostage|hostage|hold hostage|lock me in|lock us in|locked me in|locked us in|took my baby|take my baby|took my child|take my child|steal my baby|took my son|took my daughter|cannot leave factory'] },
  { kind: 'abduction', parts: ['drag|grab|push|force|pull|bundle|throw', 'boy|girl|child|kid|woman|her|him|me|someone', 'van|car|truck|vehicle'], within: 12 },
  { kind: 'abduction', parts: ['held|lock|trap|kept', 'cannot leave|wont let|cannot go|cannot get out|not let|dont let'], within: 16, acrossClauses: true },
  { kind: 'abduction', parts: ['passport|passports|phone|phones', 'wont let|cannot leave|cannot go|lock|not let us|dont let'], within: 12, inOrder: false, acrossClauses: true },
  { kind: 'abduction', parts: ['try to|trying to', 'take|snatch|grab', 'my child|my kid|my son|my daughter|child|kid|girl|boy'], within: 7 },

  { kind: 'abduction', parts: ['pull|drag|force|carry|lure|bundle', 'schoolgirl|girl|boy|child|kid|woman|her|him', 'car|van|away|truck'], within: 9 },
  { kind: 'abduction', parts: ['ran off with|run off with|walk off with|took off with|drove off with', 'baby|child|kid|girl|boy|son|daughter'], within: 8 },
  { kind: 'abduction', parts: ['keep us|keep me|kept us|kept me|hold us|hold me|locked up', 'basement|cellar|room|door|lock|house|flat'], within: 12 },
  { kind: 'missing_child', parts: ['school', 'never arrive|not arrive|not turn up|never turn up|not there|never came'], within: 8 },
  { kind: 'missing_child', parts: [child, 'was gone|gone missing|nowhere|ran away|run away|not anywhere'], within: 8 },
  { kind: 'missing_person', parts: [elder, 'cannot find him|cannot find her|cannot find|nowhere to be found|never came home'], within: 24, acrossClauses: true },
  { kind: 'missing_child', parts: [child, 'missing|disappear|lost|gone|vanish|wander off'], within: 10 },
  { kind: 'missing_child', parts: ['lost|cannot find|cant find|missing', child], within: 6 },
  { kind: 'missing_child', parts: [child, 'not come home|not come back|not home|not return|not back|never came home|not come'], within: 10 },
  { kind: 'missing_person', parts: [elder, 'missing|disappear|wander off|wander|vanish|lost'], within: 12 },
  { kind: 'missing_person', parts: [elder, 'not come home|not come back|not back|not return|not home'], within: 16, acrossClauses: true },
]

const rescue: DangerRule[] = [
  { kind: 'self_harm', parts: ['kill myself|killing myself|kill himself|kill herself|kms|end my life|end his life|end her life|want to die|suicidal|suicide note|commit suicide|dont want to live|not want to live|'
    + 'live for anymore|nothing to live for|dont want to be alive|slit my wrist|cut my wrist|cut her wrist|cut his wrist|cut my wrists|cut her wrists|hang myself|hang himself|hang herself|end it all|end it tonight|end it now|'
    + 'cut herself|cut himself|cut myself|hurt myself|harm myself|took overdose|take overdose|took an overdose|want end my life|better off dead|goodbye everyone|goodbye world|try suicide|attempt suicide'] },
  { kind: 'self_harm', parts: ['burden|sorry for everything|goodbye', 'river|bridge|roof|pills|gone|left'], within: 12 },
  { kind: 'self_harm', parts: ['sit|stand', 'roof|ledge|edge|railing|window sill|bridge', 'edge|over|outside|legs|crying'], within: 14 },
  { kind: 'self_harm', parts: ['took|take|taken', 'all my|all her|all his|all the|whole packet|too many', 'tablets|pills|medicine|meds|medication'], within: 6 },
  { kind: 'self_harm', parts: ['taken all my tablets|all my tablets|dont see reason|no reason to stay|no reason to live|not see reason|no point in living|no reason to go on|wont be here tomorrow|not be here tomorrow|cannot go on anymore|cannot take it anymore|cannot live|done with life|tired of living|say goodbye to everyone|world better without me|better without me'] },
  { kind: 'self_harm', parts: ['jump', 'off|bridge|roof|building|window|edge|from'], within: 6 },
  { kind: 'self_harm', parts: ['going to|about to|want to|threaten to|try to|will', 'jump'], within: 4 },
  { kind: 'self_harm', parts: ['edge|ledge|railing', 'roof|bridge|building'], within: 5, inOrder: false },
  { kind: 'self_harm', parts: ['took|take|swallow|swallowed', 'whole|bottle|all|lot|handful|many', 'pills|tablets|sleeping'], within: 8 },

  { kind: 'fire', parts: ['on fire|^fire$|fire fire|house fire|forest fire|catch fire|in flames|into flames|burst into flames|big flames|flames|call fire brigade|fire brigade now|firetruck|fire engine now|call firefighters|set fire|explode|explosion|house burn|ablaze|report fire $'] },
  { kind: 'fire', parts: ['there|big|huge|small|see|have|was|started|smell', 'fire'], within: 4 },
  { kind: 'fire', parts: ['fire', 'in|at|behind|near|outside|inside|on', 'kitchen|building|flat|house|room|stairwell|stairs|forest|field|garage|shop|roof|basement|bin|bins|corridor|village|warehouse|school'], within: 7 },
  { kind: 'fire', parts: ['building|house|kitchen|flat|car|curtain|bed|roof|shop|bin|stairwell|bike|battery|wires|lines|tree|factory|warehouse|it', 'burn|spark'], within: 5 },
  { kind: 'fire', parts: ['smoke', 'come|pour|out|full|everywhere|window|roof|flat|thick|stairs|corridor|from|black|under'], within: 7, inOrder: false },
  { kind: 'fire', parts: ['see smoke|smell smoke|full of smoke|smell burning|smoke everywhere'] },

  { kind: 'fire', parts: ['fire', 'floor|block|children inside|people inside|spreading|stairs|now|burn'], within: 6 },
  { kind: 'fire', parts: ['bin|bins|socket|plastic|cable|rubbish|sofa|mattress|grass|balcony|hay|oven|pan|oil', 'burn|smoke|spark|fire'], within: 6, inOrder: false },
  { kind: 'gas', parts: ['rotten egg|rotten eggs|hiss', 'smell|cooker|pipe|stove|meter|boiler|hiss'], within: 8, inOrder: false },
  { kind: 'gas', parts: ['smell gas|gas leak|gas leaking|smell of gas|gas smell|leak gas|carbon monoxide|gas everywhere'] },
  { kind: 'gas', parts: ['gas', 'leak|hiss|burst|escape|broken|broke'], within: 7 },

  { kind: 'drowning', parts: ['drown|under in lake|under in river|under water|cannot swim|cant swim|flood and water come'] },
  { kind: 'drowning', parts: ['fall|fell|jump|slip|pushed', 'river|lake|canal|pond|water|sea|well|pool|ice'], within: 7 },
  { kind: 'drowning', parts: ['fall|fell|break|slip|through', 'ice|pond|lake|dam|reservoir|ditch'], within: 6 },
  { kind: 'drowning', parts: ['in', 'river|lake|canal|pond|sea|reservoir', 'shout|scream|help|cannot swim|struggle'], within: 9 },
  { kind: 'drowning', parts: ['go under|went under|sink', 'water|river|lake|canal|$'], within: 6 },
  { kind: 'drowning', parts: ['car|we|house', 'flood', 'water|stuck|trap|come in'], within: 12 },

  { kind: 'trapped', parts: ['trap|stuck|lock', 'lift|elevator|inside|rubble|underneath|railing|well|hole|cave|basement|fence|machine'], within: 6 },
  { kind: 'trapped', parts: ['building|wall|roof|bridge|house|ceiling|scaffolding|crane|tunnel', 'collapse|come down|came down|fell down|cave in'], within: 5 },
  { kind: 'trapped', parts: ['trench|tunnel|pit|wall|roof|ceiling|scaffold|mine', 'cave|collapse|gave way|come down', 'worker|on|people|man|men|someone'], within: 9 },
  { kind: 'trapped', parts: ['lift|elevator|cable car', 'drop|fall|stuck|stop|break', 'someone|people|inside|we|i'], within: 10 },
  { kind: 'trapped', parts: ['buried|under the rubble|under rubble|pinned'] },
  { kind: 'trapped', parts: ['tree|wall|roof|crane|rock', 'fall on|fell on|on top of'], within: 4 },
  { kind: 'trapped', parts: ['we trap|i trap|people trap|someone trap|cannot get out', 'lift|elevator|room|building|flat|fire|$'], within: 6 },

  { kind: 'traffic', parts: ['car accident|car crash|traffic accident|road accident|run over|ran over|hit and run|pile up|head on|bus crash|crash into|truck crash|motorbike crash|bike crash'] },
  { kind: 'traffic', parts: ['car|bus|truck|lorry|van|motorbike|bike|scooter|taxi|motorcycle|driver|train', 'hit|crash|overturn|ran into|flip|knock|run into|ram', people + '|pedestrian|cyclist|wall|tree|car|bus|truck|over|$|on|highway|pole|shop|motorbike'], within: 9 },
  { kind: 'traffic', parts: ['crash|accident|collision', 'road|highway|crossing|junction|street|ring|injured|hurt|stuck|motorway|corner|intersection|outside|here|bleed'], within: 9 },
  { kind: 'traffic', parts: ['car|van|bus|truck|lorry|vehicle', 'collide|head on|mount kerb|mount curb|mounted kerb|hit people|plough into|pile into|rolled over|out of control'], within: 8 },
  { kind: 'traffic', parts: [people, 'knock down|knock over|run over|hit', 'by', 'car|bus|van|truck|lorry|scooter|motorbike|bike|taxi|train'], within: 9 },
  { kind: 'traffic', parts: ['drive|driving', 'pavement|sidewalk|into people|wrong way'], within: 5 },
  { kind: 'traffic', parts: ['there|bad|big|terrible|serious|see|saw', 'accident|crash'], within: 4 },

  { kind: 'medical', parts: ['not breathe|stop breathe|no breathe|cannot breathe|hard to breathe|trouble breathe|struggle to breathe|unconscious|passed out|pass out|ambulance|heart attack|hart attack|heart stop|cardiac arrest|stroke|seizure|having fit|'
    + 'wont wake up|not wake up|cannot wake|not wake|not respond|unresponsive|turn blue|lips blue|go blue|choking|bleed|blood everywhere|many blood|lot of blood|lots of blood|covered in blood|overdose|electric shock|electrocuted|'
    + 'water broke|waters broke|in labour|in labor|give birth|baby come|baby coming|allergic reaction|anaphylactic|throat swell|throat close|face droop|cannot speak and|poisoned|not move|cut off by|chest pain|chest hurt|chest pains|dying here|is dying|no pulse|head injury|snake bite|drank bleach'] },
  { kind: 'medical', parts: [family, 'faint|collapse|pass out|choke|dying|die'], within: 5 },
  { kind: 'medical', parts: ['gasp|foam at mouth|foaming|fit and|slur|slurring|numb all|slumped|slump|keeled over|keel over|no response|lost consciousness|lose consciousness|concussion|severe pain|waters have broke|went into labour|coughing up blood|vomiting blood|throwing up blood|electrocute|severe burn|badly burn|scald|convulse|convulsing|stopped responding|blacked out|black out|barely breathe|anaphylaxis'] },
  { kind: 'medical', parts: ['tongue|lips|throat|face|mouth|neck', 'swell|blue|droop|purple|grey|numb|went blue'], within: 5 },
  { kind: 'medical', parts: ['arm|leg|side', 'wont lift|wont move|cannot move|cannot lift|numb|paralysed|weak'], within: 5 },
  { kind: 'medical', parts: ['landed on|land on|hit', 'head|neck|back'], within: 4 },
  { kind: 'medical', parts: ['come off|fall off|off the', 'ladder|roof|scaffold|scaffolding|balcony|horse|wall'], within: 6 },
  { kind: 'medical', parts: ['on floor|on the floor|on ground', 'window|not answer|neighbour|alone|cannot|moving'], within: 14, inOrder: false },
  { kind: 'medical', parts: ['swallow', 'battery|coin|magnet|bleach|pills|toy|needle|glass|button|poison|medicine'], within: 5 },
  { kind: 'medical', parts: ['drop|fall|slump', 'ground|floor', 'shake|shaking|twitch|twitching|not'], within: 10 },
  { kind: 'medical', parts: ['blood', 'spurt|spurting|gush|gushing|pour|in my eyes|all over'], within: 5 },
  { kind: 'medical', parts: ['chest', 'hurt|pain|tight|pressure|heavy'], within: 4 },
  { kind: 'medical', parts: ['drink|swallow|ate|eat|drank', 'bleach|poison|cleaner|cleaning fluid|detergent|pesticide|battery|pills|medicine|rat poison|antifreeze'], within: 6 },
  { kind: 'medical', parts: [family + '|i', 'fall', 'roof|scaffolding|ladder|stairs|window|balcony|cannot get up|not get up|not move|hit head|floor'], within: 10 },
  { kind: 'medical', parts: ['lie on|lying on|lay on', 'ground|street|floor|pavement|road'], within: 4 },
  { kind: 'medical', parts: ['on ground|on the ground', 'blood|bleed|not'], within: 8, acrossClauses: true },
  { kind: 'medical', parts: ['finger|hand|arm|leg|foot', 'cut off|sever|crushed|caught in'], within: 5 },
  { kind: 'medical', parts: ['bit|bite', 'blood|face|child|kid|baby'], within: 6 },
  { kind: 'medical', parts: ['cannot speak|slurred|cannot talk', 'face|droop|arm|numb|side'], within: 10, acrossClauses: true, inOrder: false },

  { kind: 'danger', parts: ['help me please|help me now|somebody help|someone help|save me|save us|sos|call police|call 110|call 911|send police|send help|need police|police quickly|police come|come quickly|in danger|it emergency|this emergency|emergency emergency|help help|help now|help us|call cops|^help me$|my life in danger|need help now|come fast'] },
  { kind: 'danger', parts: ['something terrible happen|terrible happen|come now please|hurry please|hurry something|^hurry$|please hurry|hurry up police'] },
  { kind: 'danger', parts: ['^help$|help me'], loud: true },
]

const inflections: Record<string, string> = {
  hit: 'hits hitting hited', beat: 'beats beating beaten beated', punch: 'punches punching punched', kick: 'kicks kicking kicked', stab: 'stabs stabbing stabbed', strangle: 'strangles strangling strangled strangel',
  attack: 'attacks attacking attacked', hurt: 'hurts hurting', slap: 'slaps slapping slapped', kill: 'kills killing killed kil kiling', threaten: 'threatens threatening threatened', smash: 'smashes smashing smashed',
  break: 'breaks breaking broke braking breakin', fight: 'fights fighting fighitng', burn: 'burns burning burnt burned', bleed: 'bleeds bleeding bled', breathe: 'breath breathing breathin breathes breathing', collapse: 'collapses collapsed collapsing',
  faint: 'faints fainted fainting', fall: 'falls fell fallen falling', trap: 'trapped traps', follow: 'follows following followed', rob: 'robs robbing robbed', kidnap: 'kidnapped kidnapping kidnaps kidnaped', scream: 'screams screaming screamed',
  explode: 'explodes exploded exploding', crash: 'crashed crashes crashing', jump: 'jumps jumping jumped', leak: 'leaks leaking leaked', choke: 'chokes choked', drown: 'drowns drowned drowning', rape: 'raping rapes raped', shoot: 'shoots shooting shot',
  push: 'pushes pushed pushing', cut: 'cuts cutting', grab: 'grabs grabbed grabbing', snatch: 'snatches snatched snatching', drag: 'drags dragged dragging', lock: 'locks locked locking', climb: 'climbs climbed climbing', come: 'comes came coming',
  wave: 'waves waving waved', pull: 'pulls pulled pulling', hold: 'holds holding', chase: 'chases chased chasing', bang: 'bangs banging banged', pour: 'pours poured pouring', spark: 'sparks sparking', swell: 'swells swelling swollen',
  die: 'dies', bite: 'bites biting bitten', assault: 'assaulting assaults', abduct: 'abducted abducting', disappear: 'disappeared disappears', vanish: 'vanished', wander: 'wandered wanders', hiss: 'hissing hisses', catch: 'caught catches', droop: 'droops drooping',
  turn: 'turns turned turning', move: 'moves moving', wake: 'wakes waking', overturn: 'overturned', swallow: 'swallowed', threatened: '', try: 'tries trying tried', start: 'starts', have: 'has had got having', get: 'gets getting', wait: 'waits waiting', stand: 'stands standing',
  glass: 'glassed', shove: 'shoves shoving shoved', grope: 'groping groped', touch: 'touches touching touched', want: 'wants', throw: 'throws threw throwing', carry: 'carries carrying', flip: 'flipped', knock: 'knocked knocks', respond: 'responding responds', flame: '',
  collide: 'collided collides', gasp: 'gasping gasps', slur: 'slurring slurred slurs', foam: 'foaming foams', hide: 'hiding hides hid', pick: 'picking picks', happen: 'happens happened', car: 'cars', truck: 'trucks', worker: 'workers', bus: 'buses', van: 'vans', cave: 'caved caves', girl: 'girls', boy: 'boys', house: 'houses', mount: 'mounted mounts', spread: 'spreads', arrive: 'arrived arrives', whip: 'whipped whipping', land: 'landed',
  sit: 'sitting sits', crawl: 'crawled crawling crawls', spurt: 'spurting', shake: 'shaking', drop: 'dropped drops', shout: 'shouting shouts', struggle: 'struggling', drive: 'driving drives drove', run: 'runs running', walk: 'walks walking',
  use: 'uses using', live: 'lives living', bag: 'bags', find: 'finds', sneak: 'sneaking sneaked', hang: 'hanging hangs', point: 'points pointing pointed', swing: 'swings swinging', stop: 'stops', droops: '', smell: 'smells smelled smelling', fire: 'fier fires fyre', sink: 'sinking',
  mum: 'mom mother mummy mommy mama mam stepmother', dad: 'father daddy papa stepfather stepdad', grandma: 'grandmother granny gran nan', grandpa: 'grandfather grandad granddad', son: 'sons grandson', daughter: 'daughters granddaughter', kid: 'kids', friend: 'friends roommate flatmate',
  child: 'childs', someone: 'somebody sombody sb sumone', guy: 'bloke dude', knife: 'nife knifes', ambulance: 'ambulence amublance ambulans', neighbour: 'neighbor neighbours neighbors', husband: 'hubby hubbie', boyfriend: 'bf', girlfriend: 'gf', door: 'doors', window: 'windows',
  not: 'isn\'t isnt aren\'t arent wasn\'t wasnt weren\'t doesn\'t doesnt didn\'t didnt hasn\'t hasnt haven\'t havent hadn\'t', cannot: 'can\'t cant couldn\'t couldnt', dont: 'don\'t', wont: 'won\'t', everyone: 'everybody', people: 'ppl', police: 'polis pollice cops', kitchen: 'kichen', unconscious: 'unconcious',
}

function respellings(): Record<string, string> {
  const words: Record<string, string> = {}
  for (const [lemma, forms] of Object.entries(inflections)) for (const form of forms.split(' ')) if (form !== '') words[form] = lemma
  for (const [short, full] of Object.entries({ gonna: 'going to', wanna: 'want to', 'i\'m': 'i', im: 'i', hes: 'he', shes: 'she', theyre: 'they', ive: 'i', 'he\'ll': 'he will', 'she\'ll': 'she will', 'they\'ll': 'they will', 'i\'ll': 'i will', hell: 'hell', theres: 'there', whats: 'what' })) words[short] = full
  for (const dropped of ['a', 'an', 'the', 'is', 'are', 'am', 'be', 'been', 'just', 'really', 'very', 'so', 'please', 'pls', 'plz', 'too', 'quite', 'some', 'any', 'also', 'actually']) words[dropped] = ''
  return words
}

const months = 'january|february|march|april|june|july|august|september|october|november|december'
const weekdays = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'

/** English, with the short cuts and slips of people in a hurry and of those who learned it late. */
export const rulesEn: EmergencyRules = {
  words: respellings(),
  forgiving: 'ambulance|unconscious|breathing|kidnapped|suicide|suicidal|burglar|strangling|bleeding|choking|drowning|attacking|attacked|collapsed|seizure|emergency|explosion|accident|screaming|threatening|intruder|following|overdose|burning|kitchen|someone|hitting|killing',
  marks: {
    figure: 'traffic kill me|back kill me|heat kill me|feet kill me|head kill me|this kill me|that kill me|exam kill me|it kill me|work kill me|shoes kill me|you kill it|kill it|kill time|kill for some|kill for|could kill|could murder|to death|dying of|dying to|dying for|'
      + 'dead tired|battery dead|phone die|nearly died|died of|fire sale|sale fire|was fire from|fire from|got fire|get fire|cafe fire|food fire|fireworks|fire place|fire station|fire exit|fire hazard|fire drill|fire alarm test|fire door|fire escape|fire extinguisher|fire hydrant|fire safety|'
      + 'drown in paperwork|drown in work|drown in|drown in debt|shoot me message|shoot me email|shoot me text|stuck in traffic|heart broken|break leg|fight over|fight for|fight against|fight about|phone blew up|deals bomb|daylight robbery|robbery|prices rob|smoke detector|smoke alarm|'
      + 'heart attack|hart attack|hit me up|beat me to|kick me out of the group|cut me some slack|break even|break time|attack my shoes|photo shoot|shoot hoops|knife sharpening|knife shop|gas bill|gas meter|gas bottle|fall in love|fall asleep|jump queue|jump the queue|crash course|crash at|crash on sofa|'
      + 'drive me crazy|bus stop|stop bus|baby shower|blood pressure|blood test|a stroke of luck|stroke of luck|lost my keys|follow me on|follow us on|break up|broke up|burn calories|burn out|burnt out|kick off|help me find|help me fill|help me with|help me understand|can you help me|could you help me|help us find|help us with|help with|makes me want to jump off|makes me want to jump|boss going to kill me|boss will kill me|mum will kill me|mum going to kill me|wife will kill me|wife going to kill me|teacher will kill me|murder my legs|kill my legs|may bite|might bite|afraid they bite|knock on wood|burn the midnight|jump in|jump at|throw away|throw rubbish|throw party|throw out|jump rope|happens every|hurt my feelings|hurt feelings|it hurts me to',
    not: 'not|no|nobody|no one|none|never|nothing|without|dont|neither|nor|hardly|no longer',
    undenied: 'not sure|dont know|no idea|not only|not stop|dont stop|never stop|not help|no one help|nobody help|no one come|nobody come|not speak|no speak|no parents|not safe|not well|not ok|not okay|dont care|dont understand|not let|dont let|not leave|not listen|no doubt|no joke|not joking|not kidding|no time|no money|no police|not breathe|no breathe|not move|not wake|not know|not swim|not home|not come|dont want to live',
    and: 'and|or else|then',
    turn: 'but|however|although|because|and now|instead',
    past: `yesterday|last night|last week|last month|last year|last winter|last summer|last spring|last autumn|last time|last weekend|the other day|ago|back in|years back|divorced|in the past|used to|when i was|back then|earlier this year|earlier this month|previously|`
      + `${weekdays.split('|').flatMap(day => [`last ${day}`, `on ${day}`, `${day} night`]).join('|')}|${months.split('|').flatMap(month => [`in ${month}`, `last ${month}`, `of ${month}`]).join('|')}|in may|last may|`
      + Array.from({ length: 47 }, (_, i) => `in ${1980 + i}`).join('|'),
    now: `now|right now|currently|still|again|today|tonight|just now|at the moment|this moment|since|since yesterday|since last night|${weekdays.split('|').map(day => `since ${day}`).join('|')}|minutes ago|minute ago|hour ago|hours ago|seconds ago|this minute|keep|keeps|happening|at this very`,
    ongoing: 'still here|still in|still at|still outside|still there|still inside|still burn|still missing|still bleed|still not|he back|she back|they back|came back|come back now|outside my|at my door|at door|here again|back again|wont leave|wont go|refuse to leave',
    resolved: 'put out|all fine|false alarm|fix it|fixed it|they fixed|was found|been found|were found|found him|found her|found missing|i fine now|all ok now|all good now|safe now|was arrested|been arrested|they found|no one there now|found safe|case|all over now',
    procedure: 'how do i report|how do we report|how can i|how to|how do i get|how do i check|how do i apply|how do i close|how can we|how do i protect|what should i do if|what to do if|who do i call if|who do i call|who do i tell|who should i call|where can i|where do i|where i|legal to|illegal to|crime to|'
      + 'what sentence|sentence for|what number|which number|when next|hotline|can i apply|do you offer|training|prevention|prevent|hazard|what happens if|what if|course|lessons|certificate|report is|restraining order|what penalty|in case of|is it allowed|status of|bracelet|paperwork|custody|does insurance|cover an|more street lights|need fence|we need|accident report|claim',
    if: 'if',
    ask: 'what should|who should|who do|what do i do if|what number|which number|where should|how should',
    frame: 'movie|film|in game|video game|novel|drill|in dream|dream that|dream|had dream|rehearse|rehearsing|exercise|on tv show|tv series|podcast|song|lyrics|insurance|episode|in book',
    atHand: 'my|he|she|his|her|our|here|we stuck|next door|neighbour house|neighbour flat|neighbours flat',
  },
  dangers: [...police, ...rescue],
}
