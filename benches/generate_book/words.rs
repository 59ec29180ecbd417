//! The words that names and notes are made of, Chinese and English, with the commas and quotes that real notes have.

/// Regions, each with the spelling that ids and folders use.
pub(crate) const REGIONS: [(&str, &str); 20] = [
    ("湖南", "hunan"),
    ("湖北", "hubei"),
    ("广东", "guangdong"),
    ("江苏", "jiangsu"),
    ("浙江", "zhejiang"),
    ("山东", "shandong"),
    ("河南", "henan"),
    ("河北", "hebei"),
    ("四川", "sichuan"),
    ("重庆", "chongqing"),
    ("陕西", "shaanxi"),
    ("山西", "shanxi"),
    ("辽宁", "liaoning"),
    ("吉林", "jilin"),
    ("安徽", "anhui"),
    ("江西", "jiangxi"),
    ("福建", "fujian"),
    ("云南", "yunnan"),
    ("甘肃", "gansu"),
    ("上海", "shanghai"),
];

/// Trades: the segment, its Chinese name, and how firms in it are called.
pub(crate) const TRADES: [(&str, &str, &str); 8] = [
    ("metro", "地铁", "地铁运营有限公司"),
    ("works", "车辆", "机车车辆厂"),
    ("cement", "水泥", "水泥集团有限公司"),
    ("logistics", "物流", "铁路物流有限公司"),
    ("power", "电力", "发电有限责任公司"),
    ("telecom", "通信", "通信信号有限公司"),
    ("steel", "钢铁", "钢铁股份有限公司"),
    ("port", "港口", "港务铁路公司"),
];

pub(crate) const SURNAMES: [&str; 16] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "林",
];

pub(crate) const TITLES: [&str; 6] = [
    "采购部主任",
    "设备科科长",
    "车间主任",
    "总工程师",
    "物资处处长",
    "财务部经理",
];

pub(crate) const NEEDS: [&str; 6] = [
    "转向架大修，备品备件",
    "wheelsets, brake shoes",
    "调车机车配件",
    "应答器与漏缆",
    "spare parts, \\\"same day\\\" service",
    "轴承、弹簧、车钩",
];

pub(crate) const HABITS: [&str; 5] = [
    "三月和九月下单，集体决定",
    "buys by tender, price first",
    "随时下单，急",
    "年底集中付款",
    "技术部说了算，采购部只看交期",
];

/// Notes of visits and calls. Some need quoting in CSV, some hold quotes themselves.
pub(crate) const CONTACT_NOTES: [&str; 20] = [
    "例行回访",
    "看了现场，磨耗正常",
    "toured line 3 depot",
    "谈付款，答应按期",
    "asked for a quote, spares for two years",
    "主任说：\"下月一定定\"",
    "met the new buyer, who said \"send samples\"",
    "交期问到底，答应月底前",
    "节前拜访",
    "介绍新产品，留样本",
    "price talk, no result",
    "对账，一致",
    "无新需求",
    "follow-up on the last delivery",
    "检修计划推后，下季度再看",
    "试装两套，先跑三千公里",
    "他们也在看别家，\"价格低一成\"",
    "training for twelve people, one day",
    "库存盘点",
    "a 6\" flange was measured",
];

pub(crate) const CASE_NOTES: [&str; 8] = [
    "两箱晚到",
    "two crates late, one damaged",
    "异响，要派人",
    "要检验报告",
    "包装进水，\"整批\"不收",
    "wrong label on PO",
    "软件版本对照表",
    "could the part be 20 mm shorter?",
];

pub(crate) const OUTCOME_NOTES: [&str; 5] = [
    "整批更换",
    "replaced, free of charge",
    "已解决",
    "report sent",
    "派人修好，客户签字",
];

pub(crate) const PLAN_NOTES: [&str; 5] = [
    "带样件",
    "annual review, both directors",
    "谈框架续签",
    "看检修现场",
    "price meeting",
];

pub(crate) const PLAIN_NOTES: [&str; 5] = [
    "听说要换采购负责人",
    "annual report published, revenue up",
    "展会上遇见，约下月谈",
    "信用办提醒：余额近上限",
    "new plant planned, 2 lines",
];

pub(crate) const TOPICS: [&str; 6] = [
    "spares",
    "overhaul",
    "delivery",
    "payment",
    "tender",
    "technical",
];

pub(crate) const FACTORS: [&str; 4] = ["quality", "delivery", "service", "price"];

pub(crate) const REASONS: [&str; 5] = ["价格", "交期", "quality", "relations", "指定别家"];

pub(crate) const PROJECTS: [&str; 5] = [
    "7号线转向架大修",
    "spare parts frame",
    "新厂调车机车",
    "signal upgrade",
    "年度维保",
];

pub(crate) const CHANNELS: [&str; 4] = ["phone", "wechat", "mail", "site"];

pub(crate) const EXPENSES: [&str; 3] = ["travel", "sample", "promotion"];

pub(crate) const STAGES: [&str; 4] = ["prospect", "bidding", "delivery", "completed"];
