from allies import create_app

app = create_app()
