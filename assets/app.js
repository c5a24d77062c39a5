/* Every function is an enhancement: pages work when this file never arrives. */
(() => {
  'use strict';
  const $ = (s, r = document) => r.querySelector(s),
    $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const say = t => {
    const l =
      $('#live') ||
      $('main').insertAdjacentElement(
        'afterbegin',
        Object.assign(document.createElement('p'), { id: 'live', className: 'vh' }),
      );
    l.setAttribute('aria-live', 'polite');
    l.textContent = t;
  };
  // 1 focus the error summary
  const e = $('[data-focus]');
  if (e) e.focus();
  // a password can be looked at while it is typed
  $$('input[data-show]').forEach(i => {
    const b = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet tiny', textContent: i.dataset.show });
    b.setAttribute('aria-controls', i.id);
    b.addEventListener('click', () => {
      const shown = i.type === 'text';
      i.type = shown ? 'password' : 'text';
      b.textContent = shown ? i.dataset.show : i.dataset.hide;
    });
    i.form?.addEventListener('submit', () => (i.type = 'password'));
    i.after(' ', b);
  });
  // passkeys: the device is asked what the page tells, and its answer is sent
  $$('form[data-passkey]').forEach(f => {
    const P = window.PublicKeyCredential,
      make = f.dataset.passkey === 'create';
    if (!P?.parseRequestOptionsFromJSON || !P.parseCreationOptionsFromJSON) return;
    f.hidden = false;
    f.addEventListener('submit', async ev => {
      ev.preventDefault();
      try {
        const r = await fetch(f.dataset.from, { method: 'POST', body: new URLSearchParams(new FormData(f)) });
        if (!r.ok || r.redirected) return f.submit();
        const { publicKey: o } = await r.json();
        const c = make
          ? await navigator.credentials.create({ publicKey: P.parseCreationOptionsFromJSON(o) })
          : await navigator.credentials.get({ publicKey: P.parseRequestOptionsFromJSON(o) });
        f.elements.credential.value = JSON.stringify(c);
        f.submit();
      } catch {
        const m = $('.msg', f) || f.insertAdjacentElement('beforeend', Object.assign(document.createElement('p'), { className: 'msg' }));
        m.setAttribute('role', 'alert');
        m.textContent = f.dataset.failed;
      }
    });
  });
  // 2 stop a second press of the same button
  $$('form[data-once]').forEach(f =>
    f.addEventListener('submit', ev => {
      if (f.dataset.sent && Date.now() - f.dataset.sent < 2000) ev.preventDefault();
      f.dataset.sent = Date.now();
    }),
  );
  // 3 live filters: swap results and filters; the group in use keeps its boxes
  const swap = (f, d) => {
    const groups = $$('.facet', d);
    $$('.facet', f).forEach(old => (old.hidden = !groups.some(g => g.id === old.id)));
    let last;
    groups.forEach(now => {
      const old = $('#' + CSS.escape(now.id), f);
      if (!old) return (last = last ? (last.after(now), now) : ($('#facets', f).prepend(now), now));
      last = old;
      $('summary', old).replaceWith($('summary', now));
      if (!old.contains(document.activeElement)) return $('fieldset', old).replaceWith($('fieldset', now));
      $$('input[type=checkbox]', now).forEach(b => {
        const a = $$('input[type=checkbox]', old).find(o => o.value === b.value);
        const [n, m] = [a && $('small', a.parentNode), $('small', b.parentNode)];
        if (n && m) n.textContent = m.textContent;
        if (a) a.disabled = b.disabled && !a.checked;
      });
    });
  };
  const ticks = (r, v) => $$('input[form=ticks]', r).filter(i => (v ? v.includes(i.value) : i.checked));
  $$('form[data-live]').forEach(f => {
    let t, ctl;
    const target = f.dataset.live;
    const go = async push => {
      const q = new URLSearchParams([...new FormData(f)].filter(([, v]) => v !== '')),
        url = f.action.split('?')[0] + (q.size ? '?' + q : '');
      ctl?.abort();
      ctl = new AbortController();
      try {
        const r = await fetch(url, { headers: { 'X-Fragment': target.slice(1) }, signal: ctl.signal });
        if (!r.ok) throw 0;
        const d = new DOMParser().parseFromString(await r.text(), 'text/html'),
          n = d.querySelector(target);
        if (!n) throw 0;
        const ticked = ticks($(target)).map(i => i.value);
        $(target).replaceWith(n);
        ticks(n, ticked).forEach(i => (i.checked = true));
        swap(f, d);
        if (push) history.pushState({ live: 1 }, '', url);
        document.title = d.title || document.title;
        say($('h2', n)?.textContent || '');
      } catch (x) {
        if (x?.name !== 'AbortError') f.submit();
      }
    };
    f.addEventListener('change', () => go(true));
    f.addEventListener('input', ev => {
      if (ev.target.type === 'search') {
        clearTimeout(t);
        t = setTimeout(() => go(true), 350);
      }
    });
    addEventListener('popstate', () => location.reload());
  });
  // suggestions for what is being typed
  $$('datalist[data-from]').forEach(l => {
    const i = $(`input[list="${CSS.escape(l.id)}"]`);
    let t;
    i?.addEventListener('input', () => {
      clearTimeout(t);
      t = setTimeout(async () => {
        const r = await fetch(l.dataset.from + '?q=' + encodeURIComponent(i.value)).catch(() => 0);
        if (!r?.ok) return;
        const j = await r.json();
        l.replaceChildren(...j.suggestions.map(s => Object.assign(document.createElement('option'), { value: s.text })));
      }, 150);
    });
  });
  // 4 autosave
  $$('form[data-autosave]').forEach(f => {
    let t,
      dirty = false;
    const out = Object.assign(document.createElement('p'), { className: 'hint' });
    out.setAttribute('role', 'status');
    f.append(out);
    const save = async () => {
      const d = new FormData(f);
      d.set('act', 'autosave');
      try {
        dirty = false; // what is typed from now on is not in it
        // Who is signed out is sent elsewhere, which is no answer.
        const r = await fetch(f.action, { method: 'POST', body: new URLSearchParams(d), redirect: 'error' });
        if (!r.ok) throw 0;
        f.elements.seen.value = await r.text();
        out.textContent = out.dataset.ok =
          (f.dataset.saved || 'Draft saved') +
          ' ' +
          new Date().toLocaleTimeString(document.documentElement.lang, {
            hour: '2-digit',
            minute: '2-digit',
          });
      } catch {
        dirty = true;
        out.textContent = f.dataset.fail || 'Draft not saved. Use the Save button.';
      }
    };
    f.addEventListener('input', () => {
      dirty = true;
      clearTimeout(t);
      t = setTimeout(save, 4000);
    });
    f.addEventListener('submit', () => {
      dirty = false;
      clearTimeout(t);
    });
    addEventListener('beforeunload', ev => {
      if (dirty) ev.preventDefault();
    });
  });
  // 6 copy link
  $$('[data-copy]').forEach(b => {
    if (!navigator.clipboard) return;
    b.hidden = false;
    b.addEventListener('click', async () => {
      await navigator.clipboard.writeText(location.href);
      say(b.dataset.done || 'Link copied');
    });
  });
  // print the page
  $$('[data-print]').forEach(b => {
    b.hidden = false;
    b.addEventListener('click', () => print());
  });
  // 7 progress of a job: poll the status page
  $$('progress[data-poll]').forEach(p => {
    const tick = async () => {
      const j = await (await fetch(p.dataset.poll)).json();
      p.max = j.total;
      p.value = j.done;
      p.nextElementSibling.textContent = j.text;
      j.finished ? location.assign(j.next) : setTimeout(tick, 1000);
    };
    tick().catch(() => {});
  });
  // 8 shortcuts, off until the user turns them on in preferences (WCAG 2.1.4)
  if (document.documentElement.dataset.keys === 'on') {
    let g = 0;
    addEventListener('keydown', ev => {
      if (
        ev.target.closest('input,select,textarea,[contenteditable]') ||
        ev.ctrlKey ||
        ev.metaKey ||
        ev.altKey
      )
        return;
      if (ev.key === '/') {
        ev.preventDefault();
        $('input[type=search]')?.focus();
      } else if (ev.key === '?') $('#keys')?.showPopover?.();
      else if (ev.key === 'g') g = Date.now();
      else if (Date.now() - g < 1000) {
        const a = $(`.nav a[data-key="${CSS.escape(ev.key)}"]`);
        if (a) location.assign(a.href);
      }
    });
  }
})();
