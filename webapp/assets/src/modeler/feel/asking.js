// What the server knows about expressions: functions, names at an element, what an expression says. One question of a
// field at a time; what is overtaken is broken off.
const PATIENCE = 8000; // milliseconds

export class Asking {
  // `addresses`: of functions, variables, check; `xml`: gives the diagram as it is drawn now.
  constructor(addresses, token, xml) {
    Object.assign(this, { addresses, token, xml });
    this.scopes = new Map(); // moment and element -> promise of the names known there
    this.page = addresses.page;
  }

  // The drawing has changed: other names may be known at an element now.
  forget() {
    this.scopes.clear();
  }

  // Functions with their description; none when the server does not answer, and then it is asked again next time.
  functions() {
    this.known ??= this.get(this.addresses.functions).then(
      ({ functions }) => functions,
      () => {
        this.known = undefined;
        return [];
      },
    );
    return this.known;
  }

  // Names known at an element: [{name, type, label, source, choices?}].
  variables(element, moment) {
    const place = `${moment} ${element}`;
    if (!this.scopes.has(place)) {
      const asked = element ? this.readScope(element, moment) : Promise.resolve([]);
      this.scopes.set(place, asked);
      asked.then((found) => found || this.scopes.delete(place));
    }
    return this.scopes.get(place).then((found) => found ?? []);
  }

  async readScope(element, moment) {
    try {
      const { variables } = await this.post(this.addresses.variables, { xml: await this.xml(), element, moment });
      return variables;
    } catch {
      return null;
    }
  }

  // Raises what `fetch` raises, and Refused with the server's sentence.
  async check(question, signal) {
    return this.post(this.addresses.check, { ...question, xml: await this.xml() }, signal);
  }

  get(url) {
    return this.send(url, {});
  }

  post(url, body, signal) {
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': this.token };
    return this.send(url, { method: 'POST', body: JSON.stringify(body), headers, signal });
  }

  async send(url, { headers = {}, signal, ...rest }) {
    const late = AbortSignal.timeout(PATIENCE);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    const response = await fetch(url, { ...rest, headers: { Accept: 'application/json', ...headers }, credentials: 'same-origin', signal: either });
    if (!response.ok) {
      const { error } = await response.json().catch(() => ({}));
      throw new Refused(error ?? '');
    }
    return response.json();
  }
}

export class Refused extends Error {}
