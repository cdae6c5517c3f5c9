import { below, readJsonText, spell } from "../../policy-pack/src/iam/json-text";

describe("where a key stands a second time in text", () => {
  test.each([
    ['{"a":1,"a":2}', ["a"]],
    ['{"a":1,"b":2,"a":3,"a":4}', ["a", "a"]],
    ['{"a":{"a":1},"b":{"a":1}}', []],
    ['{"a":["a","a"],"b":"a"}', []],
    ['{"a":{"b":1,"b":2}}', ["a.b"]],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', ["a[1].b"]],
    ['{"a":[0,[1,{"b":1}],{"b":1,"b":2}]}', ["a[2].b"]],
    ['{"a":[[{"b":1,"b":2}]],"c":{"d":1,"d":2}}', ["a[0][0].b", "c.d"]],
    ['{"a":[{"x":[1,2]},{"b":1,"b":2}]}', ["a[1].b"]],
    ['{"a":{},"a":[],"c":[]}', ["a"]],
    ['{"\\u0061":1,"a":2}', ["a"]],
    ['{"a\\"":1,"b":"\\"","a\\"":2}', ['["a\\""]']],
    ['{"a\\\\":1,"b":2,"a\\\\":3}', ['["a\\\\"]']],
    ['{"a":"{\\"b\\":1,\\"b\\":2}"}', []],
    ['{"a": 1 ,\n"a"\t:\r2}', ["a"]],
    ['[{"a":1,"a":2},{"b":1,"b":2}]', ["[0].a", "[1].b"]],
  ])("%s: %j", (text, expected) => {
    expect((readJsonText(text)?.duplicates ?? []).map(spell)).toEqual(expected);
  });

  test("twenty of them are enough", () => {
    const text = `{${Array.from({ length: 30 }, () => '"a":1').join(",")}}`;
    expect(readJsonText(text)?.duplicates).toHaveLength(20);
    const less = `{${Array.from({ length: 21 }, () => '"a":1').join(",")}}`;
    expect(readJsonText(less)?.duplicates).toHaveLength(20);
  });

  test.each(["", "{", "[1,]", "{'a':1}", '"a', "nul"])("%j is no JSON", (text) => {
    expect(readJsonText(text)).toBeUndefined();
  });

  test.each([
    ['{ "a b" : [ 1 ,\t2,\r\n-3.5e+7 ] , "c":"\\" x" }', '{"a b":[1,2,-3.5e+7],"c":"\\" x"}'],
    ["  true ", "true"],
    ['"a"', '"a"'],
    ['["\\\\", "b"]', '["\\\\","b"]'],
  ])("%j has the characters of %j", (text, compact) => {
    expect(readJsonText(text)?.size).toBe(compact.length);
  });
});

describe("paths", () => {
  test.each([
    ["a", "a", "a.a"],
    ["", "a", "a"],
    ["a", "b1_$", "a.b1_$"],
    ["a", "1b", 'a["1b"]'],
    ["a", "", 'a[""]'],
    ["a", "b c", 'a["b c"]'],
    ["a", "b:c", 'a["b:c"]'],
    ["a", 0, "a[0]"],
    ["", 12, "[12]"],
  ])("below %j, %j is %j", (path, step, expected) => {
    expect(below(path, step)).toBe(expected);
  });
});
