from allies import start

app = start()
