// Diagrams are drawn with the tokens of the kit, so that they follow the light and the dark theme by themselves.
export const look = {
  bpmnRenderer: {
    defaultFillColor: 'var(--moc-surface, #fff)',
    defaultStrokeColor: 'var(--moc-ink-2, #464e5e)',
    defaultLabelColor: 'var(--moc-ink, #1a2130)',
  },
  textRenderer: {
    defaultStyle: { fontFamily: '"Be Vietnam Pro", sans-serif', fontWeight: '500', fontSize: 12, lineHeight: 1.3 },
    externalStyle: { fontSize: 12, lineHeight: 1.3 },
  },
};

// Labels are measured when they are drawn: the font has to be there first.
export async function fontsAreReady() {
  try {
    await document.fonts.load('500 12px "Be Vietnam Pro"', 'Quyết định');
  } catch {
    // Without the font the diagram is drawn with the fallback.
  }
}

export async function fetchText(url) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.text();
}
