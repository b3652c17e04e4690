package auth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"filippo.io/age"
)

// Work of making a key of the passphrase, as a power of two. 15 is an eighth of age's own choice: every refresh pays it twice. A file that asks for
// more than the most would hold up who opens it.
const (
	workFactor     = 15
	mostWorkFactor = 20
)

// maxTokens bounds what is read of a decrypted file, in bytes.
const maxTokens = 1 << 20

// encryptedStore is a file in the age format, under a passphrase.
type encryptedStore struct {
	a       *Accounts
	path    string
	account string
}

func (s encryptedStore) load() (signIn, error) {
	cipher, err := s.a.readPrivate(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return signIn{}, errNoTokens
	}
	if err != nil {
		return signIn{}, err
	}
	phrase, err := s.a.pass.get(false)
	if err != nil {
		return signIn{}, err
	}
	text, err := decrypt(cipher, phrase)
	if wrong := (*age.NoIdentityMatchError)(nil); errors.As(err, &wrong) {
		s.a.pass.forget()
		return signIn{}, &Error{
			What: fmt.Sprintf("the passphrase of the token store of account %s is wrong", s.account),
			Do:   "give the one that was set when you signed in; if it is lost, sign in again: " + loginCommand(s.account),
		}
	}
	if err == nil {
		var in signIn
		if in, err = decode(text); err == nil {
			return in, nil
		}
	}
	return signIn{}, &Error{What: s.path + " is damaged", Do: "sign in again: " + loginCommand(s.account), Err: err}
}

func (s encryptedStore) save(in signIn) error {
	phrase, err := s.a.pass.get(true)
	if err != nil {
		return err
	}
	text, err := encode(in)
	if err != nil {
		return err
	}
	cipher, err := encrypt(text, phrase)
	if err != nil {
		return err
	}
	return writeFile(s.path, cipher)
}

func (s encryptedStore) remove() error { return removeFile(s.path) }

func encrypt(text []byte, phrase string) ([]byte, error) {
	to, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(workFactor)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(text)
	err = errors.Join(err, w.Close()) // writes the end
	return out.Bytes(), err
}

func decrypt(cipher []byte, phrase string) ([]byte, error) {
	of, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return nil, err
	}
	of.SetMaxWorkFactor(mostWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(cipher), of)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxTokens))
}
