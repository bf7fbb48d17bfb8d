const express = require('express');
const axios = require('axios');

const app = express();
app.get('/quote/:id', async (request, response) => {
  const { data } = await axios.get(`${process.env.QUOTE_URL}/${encodeURIComponent(request.params.id)}`);
  response.json(data);
});
app.listen(8080);
