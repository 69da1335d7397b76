// A session that has ended leads to the login instead of a page that no longer answers.
const zhenggaiFetch = window.fetch;
window.fetch = async (...given) => {
  const found = await zhenggaiFetch(...given);
  if (found.status === 401) window.location.assign("login");
  return found;
};
