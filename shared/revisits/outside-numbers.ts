/**
 * Lines outside the station that are the same in the whole of mainland China: 12389 takes complaints about police who break law or discipline,
 * 12345 is the city's line for everything a government owes, 12309 is the prosecutors' service line.
 */
export const outsideNumbers = { discipline: '12389', government: '12345', prosecution: '12309' } as const
