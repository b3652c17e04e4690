package card

// mountPlaces are the drives that can be a card: A and B are disks of old, C is the system's.
func mountPlaces() []string {
	var places []string
	for letter := 'D'; letter <= 'Z'; letter++ {
		places = append(places, string(letter)+`:\`)
	}
	return places
}
