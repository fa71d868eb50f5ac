// The draft on the server: saved by itself a moment after the last change, and by Ctrl S.
const REST = 3000; // milliseconds without a change

export class Saving {
  constructor(root, form, status, xml) {
    Object.assign(this, { root, form, status, xml });
    this.version = root.dataset.draftVersion;
    this.dirty = false;
    window.addEventListener('beforeunload', (event) => {
      if (this.dirty) {
        event.preventDefault();
      }
    });
    document.addEventListener('visibilitychange', () => document.hidden && this.dirty && this.save());
  }

  changed() {
    this.dirty = true;
    this.say('Có thay đổi chưa lưu');
    clearTimeout(this.timer);
    if (!this.contested) {
      this.timer = setTimeout(() => this.save(), REST);
    }
  }

  async save() {
    clearTimeout(this.timer);
    this.dirty = false;
    this.say('Đang lưu…');
    try {
      const response = await fetch(this.root.dataset.draftUrl, { method: 'POST', body: await this.body(), headers: { Accept: 'application/json' } });
      this.answered(response.status, await response.json());
    } catch {
      this.failed('Chưa lưu được, mạng gián đoạn. Sơ đồ vẫn còn trên màn hình này.');
    }
  }

  async body() {
    const data = new FormData();
    data.set('csrf_token', this.form.elements.namedItem('csrf_token').value);
    data.set('xml', await this.xml());
    data.set('version', this.contested ?? this.version);
    return data;
  }

  answered(status, answer) {
    if (status === 200) {
      this.version = String(answer.version);
      this.contested = undefined;
      this.say(`Đã lưu nháp lúc ${answer.saved_at}`);
      this.whenSaved?.();
    } else if (status === 409) {
      this.contested = String(answer.version);
      this.failed(`${answer.error} Bấm Lưu nháp lần nữa để ghi đè bằng sơ đồ của bạn.`);
    } else {
      this.failed(answer.error ?? 'Chưa lưu được. Thử lại sau ít phút.');
    }
  }

  failed(sentence) {
    this.dirty = true;
    this.say(sentence, 'err');
  }

  // The page is left on purpose: nothing to warn of.
  leave() {
    clearTimeout(this.timer);
    this.dirty = false;
  }

  say(sentence, kind = '') {
    this.status.textContent = sentence;
    this.status.dataset.kind = kind;
  }
}
