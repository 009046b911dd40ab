/*
 * The published scheduler in Promela: three canisters with allocations of 40, 20 and 0 percent on two cores. Before each
 * round any of them get a message that takes a whole core, as long as no more than MOST wait. The state is the height by
 * the period of the reset, the accumulated priorities and what waits: as in the scheduler world of `canon explore`.
 */
#ifndef MOST
#define MOST 7
#endif
#define CORES 2
#define COUNT 3
#define FULL 600 /* 100 * CORES * COUNT: a full round, and the period of the reset */
#define FREE 140 /* 100 * CORES - (40 + 20 + 0) */

int credit[COUNT];
byte waiting[COUNT];
short height;

hidden byte i, j, before, ahead;
hidden byte rank[COUNT];
hidden byte busy[COUNT];

#define ALLOCATION(at) (at == 0 -> 40 : (at == 1 -> 20 : 0))

inline round(a, b, c) {
  waiting[0] = waiting[0] + a; waiting[1] = waiting[1] + b; waiting[2] = waiting[2] + c;
  height = (height + 1) % FULL;
  i = 0;
  do
  :: i < COUNT ->
     if :: height == 0 -> credit[i] = 0 :: else -> skip fi;
     credit[i] = credit[i] + CORES * COUNT * ALLOCATION(i) + CORES * FREE;
     busy[i] = (waiting[i] > 0);
     i++
  :: else -> break
  od;
  i = 0;
  do
  :: i < COUNT ->
     before = 0; j = 0;
     do
     :: j < COUNT ->
        if
        :: credit[j] > credit[i] || (credit[j] == credit[i] && j < i) -> before++
        :: else -> skip
        fi;
        j++
     :: else -> break
     od;
     rank[i] = before; i++
  :: else -> break
  od;
  i = 0;
  do
  :: i < COUNT ->
     if :: rank[i] < CORES -> credit[i] = credit[i] - FULL :: else -> skip fi;
     ahead = 0; j = 0;
     do
     :: j < COUNT ->
        if :: busy[j] && rank[j] < rank[i] -> ahead++ :: else -> skip fi;
        j++
     :: else -> break
     od;
     if :: busy[i] && ahead < CORES -> waiting[i] = waiting[i] - 1 :: else -> skip fi;
     i++
  :: else -> break
  od;
  assert(credit[0] + credit[1] + credit[2] == 0)
}

#define ROOM(at) (waiting[at] < MOST)

active proctype world() {
  do
  :: d_step { true -> round(0, 0, 0) }
  :: d_step { ROOM(0) -> round(1, 0, 0) }
  :: d_step { ROOM(1) -> round(0, 1, 0) }
  :: d_step { ROOM(0) && ROOM(1) -> round(1, 1, 0) }
  :: d_step { ROOM(2) -> round(0, 0, 1) }
  :: d_step { ROOM(0) && ROOM(2) -> round(1, 0, 1) }
  :: d_step { ROOM(1) && ROOM(2) -> round(0, 1, 1) }
  :: d_step { ROOM(0) && ROOM(1) && ROOM(2) -> round(1, 1, 1) }
  od
}
