module example.com/shop/quote

go 1.19

require (
	github.com/gin-gonic/gin v1.8.1
	golang.org/x/net v0.7.0
)

require (
	github.com/gogo/protobuf v1.3.1 // indirect
	golang.org/x/crypto v0.14.0 // indirect
	golang.org/x/text v0.3.7 // indirect
)
