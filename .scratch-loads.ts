import * as fc from "fast-check";
import { impl } from "./impl/index.ts";
import { drive } from "./spec/index.ts";
import { everything } from "./properties/vocabulary.ts";
import { codedWorlds } from "./properties/arbitraries/coded.ts";
for (const w of [{kept:true},{kept:true,stored:true},{kept:true,charged:true}]) {
  const n:Record<string,number>={}; 
  const numRuns=200;
  let asked0=0;
  for (const s of fc.sample(codedWorlds(everything,w),{seed:5,numRuns})) {
    const m = new Map<string,string>();
    asked0 += s.inputs.filter((i:any)=>i.kind==="ingress"&&/snapshot/.test(i.method)).length;
    for (const st of (drive(impl,s) as any).steps) for (const e of st.observation.events) {
      if (e.kind==="management-asked") m.set(e.caller+e.callback,e.method);
      if (e.kind==="ingress-refused"||e.kind==="ingress-answered"&&e.result.kind==="reject") {const k="INGRESS "+(e.error??e.result.error); n[k]=(n[k]??0)+1;}
      if (e.kind==="management-answered") { const k=`${m.get(e.caller+e.callback)} ${e.result.kind==="reply"?"ok":e.result.error}`; if(/snap/.test(k)) n[k]=(n[k]??0)+1; }
    }
  }
  console.log(JSON.stringify(w), asked0/numRuns);
  for (const k of Object.keys(n).sort()) console.log("  ", (n[k]!/numRuns).toFixed(2), k);
}
