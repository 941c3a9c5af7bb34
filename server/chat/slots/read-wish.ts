/** All that was said is the wish to stop what is going on. */
export const cancels = /^(?:\/cancel|取消吧?|算了吧?|不用了|(?:算了吧?[，,\s]*)?我?(?:先|还是)?(?:不想|不要|不)(?:报|弄|办|说|要)(?:案)?了|cancel(?: (?:it|this|please))?|never ?mind|forget (?:it|about it)|stop(?: (?:it|this|please))?)[.。!！]*$/i

/** In what is no answer to a step: the wish to stop. */
export const givesUp = /算了|取消|放弃|(?:不想|不要|不)(?:再)?(?:报|弄|办|说)(?:案)?了|\b(?:cancel|never ?mind|forget it|stop|quit|give up|(?:do not|don'?t|dont) (?:want|wanna))\b/i

/** Go on, yes, well: says nothing about anything. */
export const isFiller = /^(?:继续|然后呢?|下一步|好[的吧]?|嗯+|哦|行|是的?|对|go on|continue|next|ok(?:ay)?|yes|no|well)[.。!！]*$/i

/** Without a name. */
export const isNameless = /匿名|不(?:想|愿意?)?(?:留|说|写|给)(?:我的?)?(?:名字?|姓名|身份)|别(?:留|写)(?:我的?)?名|\b(?:anonymous(?:ly)?|no name|without (?:my |a )?name|not (?:give|say) my name)\b/i

/** A question. */
export const asks = /[?？吗]|怎么|如何|咋|能不能|可不可以|该不该|多少|哪里|什么|\b(?:how|what|should|can|do|does|is it|where|who|which|when|why|may)\b/i

/** Whoever says so has answered: it is not known. */
export const isUnknown = /(?:不|没)(?:太|大)?(?:知道|清楚|确定|记得|注意|好说)|没有?看清|看不清|记不(?:清|得|住)|忘了|说不(?:准|清|好)|不晓得|\bdunno\b|\b(?:(?:do not|don'?t|dont|did not|didn'?t|can'?t|cannot) (?:know|remember|recall|say|tell)|no idea|not sure|unknown|unsure|forgot)\b/i
