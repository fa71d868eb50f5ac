// What a diagram may name: groups, people, forms, services … as the server knows them.
const EMPTY = { groups: [], people: [], forms: [], services: [], topics: [], processes: [], functions: [] };

export async function loadCatalogue(url) {
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    return response.ok ? { ...EMPTY, ...(await response.json()) } : EMPTY;
  } catch {
    return EMPTY; // the editor works without suggestions
  }
}
