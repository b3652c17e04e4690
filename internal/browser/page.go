package browser

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// patience is how long a test waits for something to be seen.
const patience = 5 * time.Minute

// Page is a tab of a browser, and a profile of its own. What cannot be done fails
// the test.
type Page struct {
	t       testing.TB
	b       *Browser
	session string
}

// Page opens an empty tab, and closes it at the end of the test.
func (b *Browser) Page(t testing.TB) *Page {
	t.Helper()
	p := &Page{t: t, b: b}
	var context struct {
		ID string `json:"browserContextId"`
	}
	p.tell("", "Target.createBrowserContext", nil, &context)
	t.Cleanup(func() {
		if err := b.call("", "Target.disposeBrowserContext", map[string]any{"browserContextId": context.ID}, nil); err != nil {
			t.Error(err)
		}
	})
	var target struct {
		ID string `json:"targetId"`
	}
	p.tell("", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": context.ID}, &target)
	var attached struct {
		Session string `json:"sessionId"`
	}
	p.tell("", "Target.attachToTarget", map[string]any{"targetId": target.ID, "flatten": true}, &attached)
	p.session = attached.Session
	p.do("Emulation.setFocusEmulationEnabled", map[string]any{"enabled": true}) // another tab's window does not take the keys away
	p.Size(1280, 900)
	return p
}

func (p *Page) tell(session, method string, params, result any) {
	p.t.Helper()
	if err := p.b.call(session, method, params, result); err != nil {
		p.t.Fatal(err)
	}
}

// do sends the page a command.
func (p *Page) do(method string, params map[string]any) {
	p.t.Helper()
	p.tell(p.session, method, params, nil)
}

// Size sets the window, in pixels as style sheets count them.
func (p *Page) Size(w, h int) {
	p.t.Helper()
	p.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": w, "height": h, "deviceScaleFactor": 1, "mobile": w < 600})
}

// Scheme sets the colours that the user prefers: "light" or "dark".
func (p *Page) Scheme(scheme string) {
	p.t.Helper()
	p.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
}

// WithoutScript forbids the pages that come to run any.
func (p *Page) WithoutScript() {
	p.t.Helper()
	p.do("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
}

// Open goes to an address and waits until all of it is there.
func (p *Page) Open(url string) {
	p.t.Helper()
	var to struct {
		Error string `json:"errorText"`
	}
	p.tell(p.session, "Page.navigate", map[string]any{"url": url}, &to)
	if to.Error != "" {
		p.t.Fatalf("%s: %s", url, to.Error)
	}
	p.Wait(`location.href !== "about:blank" && document.readyState === "complete"`)
}

// Value is what an expression in the page is, as JSON has it.
func Value[T any](p *Page, expression string) (v T) {
	p.t.Helper()
	raw, err := p.evaluate(expression)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// drawn waits until the page is on the screen, which a picture of one point of it proves: before that a browser drops clicks and keys.
func (p *Page) drawn() {
	p.t.Helper()
	p.do("Page.captureScreenshot", map[string]any{"format": "jpeg", "clip": map[string]any{"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1}})
}

func (p *Page) evaluate(expression string) (json.RawMessage, error) {
	var res struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Thrown *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	err := p.b.call(p.session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &res)
	switch {
	case err != nil:
		return nil, err
	case res.Thrown != nil:
		return nil, fmt.Errorf("%s %s", res.Thrown.Text, res.Thrown.Exception.Description)
	case res.Result.Value == nil:
		return json.RawMessage("null"), nil
	}
	return res.Result.Value, nil
}

// Wait waits until an expression in the page is true, whatever page that is by
// then.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	beat := time.NewTicker(10 * time.Millisecond)
	defer beat.Stop()
	for end := time.Now().Add(patience); ; <-beat.C {
		raw, err := p.evaluate("!!(" + expression + ")")
		if err == nil && string(raw) == "true" {
			return
		}
		if time.Now().After(end) {
			text, _ := p.evaluate("location.href + '\\n' + document.body.innerText")
			p.t.Fatalf("it never came true that %s (%v), on %s", expression, err, text)
		}
	}
}

// Click clicks into the middle of the first element that a selector finds, as a
// person does: it has to be there, in sight and not covered.
func (p *Page) Click(selector string) {
	p.t.Helper()
	quoted, _ := json.Marshal(selector)
	p.Wait("document.querySelector(" + string(quoted) + ")")
	at := Value[*struct{ X, Y float64 }](p, `(() => {
		const e = document.querySelector(`+string(quoted)+`);
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getBoundingClientRect(), X = r.x + r.width / 2, Y = r.y + r.height / 2, top = document.elementFromPoint(X, Y);
		return top && (e.contains(top) || top.contains(e)) ? { X, Y } : null;
	})()`)
	if at == nil {
		p.t.Fatalf("%s is covered, or not in sight", selector)
	}
	p.drawn()
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		p.do("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1})
	}
}

// Press presses a key, by the name that scripts have for it: "Tab", "ArrowLeft",
// "a".
func (p *Page) Press(key string) {
	p.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
	down := map[string]any{"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": codes[key]}
	switch {
	case key == "Enter":
		down["type"], down["text"] = "keyDown", "\r"
	case len(key) == 1:
		down["type"], down["text"] = "keyDown", key
	}
	p.drawn()
	p.do("Input.dispatchKeyEvent", down)
	p.do("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": codes[key]})
}
