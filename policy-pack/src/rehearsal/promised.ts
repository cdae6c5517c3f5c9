/** One call of a callback API as a promise; `util.promisify` cannot choose among gRPC's overloads. */
export const promised = <T>(start: (callback: (error: Error | null, answer: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
