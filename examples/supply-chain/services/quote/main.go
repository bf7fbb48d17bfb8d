package main

import "github.com/gin-gonic/gin"

func main() {
	router := gin.Default()
	router.GET("/quote/:id", func(c *gin.Context) {
		c.JSON(200, gin.H{"id": c.Param("id"), "price": 42})
	})
	_ = router.Run(":8080")
}
