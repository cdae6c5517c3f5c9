import { admits } from "../../policy-pack/src/iam/web-identity";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { AUD, AUDIENCE, SUB, SUBJECT, TOKEN, REQUEST, trust, read, policy, statement } from "./support";
test("perf", () => {
  const document = trust(
    { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
    { Condition: { StringEquals: { [AUD]: AUDIENCE, [SUB]: ["a", SUBJECT] } } },
  );
  for (let r = 0; r < 3; r++) {
    let t = performance.now();
    for (let i = 0; i < 200000; i++) admits(document, TOKEN);
    console.log("admits/s", Math.round((200000 / (performance.now() - t)) * 1000));
    t = performance.now();
    for (let i = 0; i < 200000; i++) evaluate(document, REQUEST);
    console.log("evaluate/s", Math.round((200000 / (performance.now() - t)) * 1000));
    const text = JSON.stringify(policy(statement()));
    t = performance.now();
    for (let i = 0; i < 20000; i++) read(text);
    console.log("parse/s", Math.round((20000 / (performance.now() - t)) * 1000));
  }
});
