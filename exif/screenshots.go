package exif

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// screenshotWords are what systems name screenshots by, in front of the date or
// a number, in lower case and Unicode's composed form.
func screenshotWords() []string {
	return []string{
		"screenshot", "screen shot", "scrnshot",
		"bildschirmfoto",
		"capture d'écran", "capture d’écran", "copie d'écran", "copie d’écran",
		"captura de pantalla", "captura de tela", "captura de ecrã", "captura de ecrán", "captură de ecran",
		"schermata", "istantanea schermo",
		"schermafbeelding", "schermafdruk",
		"skärmavbild", "skärmbild", "skärmdump", "skærmbillede", "skjermbilde", "skjermdump",
		"näyttökuva", "kuvakaappaus", "kuvankaappaus",
		"zrzut ekranu", "snímek obrazovky", "snímka obrazovky", "posnetek zaslona", "snimka zaslona", "snimak ekrana",
		"képernyőfotó", "képernyőkép", "kuvatõmmis", "ekrāna attēls", "ekrano kopija",
		"ekran resmi", "ekran görüntüsü", "ekran alıntısı",
		"снимок экрана", "скриншот", "знімок екрана", "екранна снимка", "снимак екрана",
		"στιγμιότυπο",
		"スクリーンショット", "截屏", "截图", "截圖", "屏幕截图", "屏幕快照", "螢幕截圖", "螢幕快照", "스크린샷", "화면 캡처",
		"cuplikan layar", "tangkapan layar", "tangkap layar", "ảnh màn hình", "ảnh chụp màn hình", "ภาพหน้าจอ", "สกรีนช็อต",
		"צילום מסך", "لقطة شاشة", "स्क्रीनशॉट",
	}
}

// isScreenshotName reports whether a file is named as systems name screenshots:
// by one of their words, and after it no further letter.
func isScreenshotName(name string) bool {
	name = strings.ToLower(norm.NFC.String(name))
	for _, word := range screenshotWords() {
		if rest, ok := strings.CutPrefix(name, word); ok {
			if next, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(next) {
				return true
			}
		}
	}
	return false
}
