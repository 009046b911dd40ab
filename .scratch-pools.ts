import * as fc from "fast-check";
import { impl } from "./impl/index.ts";
import { drive } from "./spec/index.ts";
import { everything } from "./properties/vocabulary.ts";
import { pathsOf } from "./properties/arbitraries/paths.ts";
import { codedWorlds } from "./properties/arbitraries/coded.ts";
import { snapshotPaths, storedSnapshotPaths, codedPaths, storedCodePaths } from "./properties/arbitraries/coded-paths.ts";
for (const w of [{kept:true},{kept:true,stored:true},{kept:true,charged:true},{}]) {
  const ps = fc.sample(codedWorlds(everything,w),{seed:5,numRuns:300}).map(x=>pathsOf(drive(impl,x) as any));
  console.log(JSON.stringify(w));
  for (const p of [...snapshotPaths,...storedSnapshotPaths]) console.log("  ", (100*ps.filter(s=>s.has(p)).length/ps.length).toFixed(1), p);
  if (!("kept" in w)) for (const p of [...codedPaths]) console.log("  ", (100*ps.filter(s=>s.has(p)).length/ps.length).toFixed(1), p);
}
