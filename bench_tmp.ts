import { asFiles, largePackage } from "./tests/runtime/package/sample_package.ts";
import { applyEdit } from "./builder/edit/apply_edit.ts";
import { openDraft } from "./builder/edit/draft.ts";
import { findingsOf } from "./builder/edit/findings.ts";
import { RandomEdits, seeded, KINDS } from "./tests/builder/edit/random_edits.ts";
let draft = openDraft(asFiles(largePackage(1000)));
const t0=performance.now(); draft.workflow("main")!.nodes; console.log("open", performance.now()-t0);
const t1=performance.now(); console.log(findingsOf(draft).length, "first findings", performance.now()-t1);
const random = seeded(1); const edits = new RandomEdits(random); let c=0; const newId=()=>`x${(c++).toString(36)}`;
// first pin
draft = applyEdit(draft,{kind:"nodes.move",workflowId:"main",positions:{"node-1":{x:0,y:0}}},{newId}).draft;
for (const kind of new Set(KINDS)) {
  const times=[], ft=[]; let n=0; let err="";
  const start=draft; let cur=start;
  for (let i=0;i<25;i++) { const e=edits.next(cur,kind); 
   if (kind==="nodes.delete") (e as any).nodeIds=(e as any).nodeIds.slice(0,2);
   if (kind==="nodes.move") (e as any).positions=Object.fromEntries(Object.entries((e as any).positions).slice(0,3));
   const t=performance.now(); let r; try { r=applyEdit(cur,e,{newId}); n++; cur=r.draft; } catch(x) { err=String(x.message).slice(0,60); } times.push(performance.now()-t);
   if (r && i<5) { const f=performance.now(); findingsOf(cur); ft.push(performance.now()-f); } }
  times.sort((a,b)=>a-b); ft.sort((a,b)=>a-b);
  console.log(kind.padEnd(20), n, "p50", times[12].toFixed(1), "p95", times[23].toFixed(1), "max", times[24].toFixed(1), "findings", ft.map(x=>x.toFixed(0)).join(" "), err);
}
