-- What an alert may be about, with the CAP category (CAP 1.2 §3.2.2). Run again at any time. An event that was used stays; taken off the list it is not offered any more.
insert into public.alert_events (code, category, name, position)
select e.value ->> 0, e.value ->> 1, jsonb_build_object('zh', e.value ->> 2, 'en', e.value ->> 3), e.ordinality * 10
from jsonb_array_elements($seed$[
  ["burglary", "Security", "入室盗窃", "Burglary"],
  ["theft", "Security", "扒窃和车辆盗窃", "Theft"],
  ["phone_scam", "Security", "电话和网络诈骗", "Phone and online scam"],
  ["doorstep_scam", "Security", "上门行骗", "Doorstep scam"],
  ["robbery", "Security", "抢劫抢夺", "Robbery"],
  ["violence", "Security", "暴力伤害", "Violence"],
  ["wanted_person", "Security", "寻找嫌疑人", "Wanted person"],
  ["suspicious_activity", "Security", "可疑情况", "Suspicious activity"],
  ["police_operation", "Security", "警方行动", "Police operation"],
  ["missing_person", "Rescue", "寻找走失人员", "Missing person"],
  ["fire", "Fire", "火灾", "Fire"],
  ["fire_hazard", "Fire", "火灾隐患", "Fire hazard"],
  ["gas_leak", "Safety", "燃气泄漏", "Gas leak"],
  ["hazardous_materials", "CBRNE", "危险化学品", "Hazardous materials"],
  ["explosive_found", "CBRNE", "发现爆炸物", "Explosive found"],
  ["heavy_rain", "Met", "暴雨", "Heavy rain"],
  ["strong_wind", "Met", "大风和台风", "Strong wind or typhoon"],
  ["snow_and_ice", "Met", "暴雪和道路结冰", "Snow and ice"],
  ["heat", "Met", "高温", "Heat"],
  ["flooding", "Geo", "积水内涝", "Flooding"],
  ["earthquake", "Geo", "地震", "Earthquake"],
  ["landslide", "Geo", "山体滑坡", "Landslide"],
  ["air_pollution", "Env", "空气污染", "Air pollution"],
  ["disease", "Health", "传染病", "Disease"],
  ["food_safety", "Health", "食品和饮水安全", "Food and water safety"],
  ["dangerous_animal", "Safety", "危险动物", "Dangerous animal"],
  ["crowd", "Safety", "人群聚集", "Large crowd"],
  ["falling_objects", "Safety", "高空坠物和建筑险情", "Falling objects or unsafe building"],
  ["electric_bike_safety", "Safety", "电动车安全", "Electric bike safety"],
  ["road_closure", "Transport", "道路封闭", "Road closure"],
  ["road_accident", "Transport", "交通事故", "Road accident"],
  ["power_cut", "Infra", "停电", "Power cut"],
  ["water_cut", "Infra", "停水", "Water cut"],
  ["network_failure", "Infra", "通信中断", "Phone or network failure"],
  ["station_service", "Other", "派出所服务", "Police station service"],
  ["other", "Other", "其他", "Other"]
]$seed$::jsonb) with ordinality e
on conflict (code) do update set category = excluded.category, name = excluded.name, position = excluded.position
where (alert_events.category, alert_events.name, alert_events.position) is distinct from (excluded.category, excluded.name, excluded.position);
